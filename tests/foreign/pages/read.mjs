// Reads pages as people do, in one browser with two tabs, and tells what is there and what is wrong.
// In: {chromium, origin, pages: {name: {url, headers, widths, judged}}}; axe sees what is to be judged.
// Out: {name: {status, lang, h1, links, wrong: [sentence]}}.
import { readFileSync } from "node:fs";
import axe from "axe-core";
import puppeteer from "puppeteer-core";

const WCAG = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] };
const asked = JSON.parse(readFileSync(0, "utf8"));
const root = process.getuid() === 0; // Chromium has no sandbox for root
const browser = await puppeteer.launch({
  executablePath: asked.chromium,
  args: root ? ["--no-sandbox"] : [],
  timeout: 0, // a machine may be slow
  protocolTimeout: 0,
});

// These run in the page.
const shown = () => ({
  lang: document.documentElement.lang,
  h1: document.querySelectorAll("h1").length,
  links: [...new Set([...document.querySelectorAll("[href]")].map((element) => element.href))],
});
const beyond = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
// Of a long section three entries tell axe, which takes its time, what all of them are like.
const cut = () => {
  const rest = "section > h3:nth-of-type(4), section > h3:nth-of-type(4) ~ *";
  for (const element of document.querySelectorAll(rest)) element.remove();
};
const violations = async (runOnly) => {
  const found = await axe.run({ runOnly, resultTypes: ["violations"], preload: false });
  return found.violations.map(({ id, nodes }) => `${id} at ${nodes[0].target}: ${nodes[0].html}`);
};

async function openTab() {
  let wrong = [];
  const tab = await browser.newPage();
  tab.setDefaultTimeout(0);
  tab.on("console", (said) => wrong.push(`console: ${said.text()}`));
  tab.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  tab.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${asked.origin}/`) && url !== "data:,") wrong.push(`fetches ${url}`);
  });
  const devtools = await tab.createCDPSession();
  devtools.on("Audits.issueAdded", ({ issue }) => wrong.push(`issue: ${issue.code}`));
  await devtools.send("Audits.enable");

  // Narrow pages are light and wide ones dark, so that axe sees the colours of both.
  async function show(width) {
    const value = width < 640 ? "light" : "dark";
    await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    await tab.setViewport({ width, height: 900 });
  }

  return async function read(page) {
    wrong = [];
    await tab.setExtraHTTPHeaders(page.headers);
    const answer = await tab.goto(asked.origin + page.url);
    const there = await tab.evaluate(shown);
    for (const width of page.widths) {
      await show(width);
      const pixels = await tab.evaluate(beyond);
      if (pixels > 0) wrong.push(`${width} wide: ${pixels} pixels beyond the edge`);
    }
    if (page.judged) {
      await tab.evaluate(cut);
      await tab.evaluate(axe.source);
      for (const width of page.widths) {
        await show(width);
        const found = await tab.evaluate(violations, WCAG);
        wrong.push(...found.map((each) => `${width} wide: ${each}`));
      }
    }
    return { status: answer.status(), ...there, wrong };
  };
}

const found = {};
const waiting = Object.entries(asked.pages);
async function work() {
  const read = await openTab();
  while (waiting.length) {
    const [name, page] = waiting.shift();
    found[name] = await read(page);
  }
}
await Promise.all([work(), work()]);
await browser.close();
console.log(JSON.stringify(found));
