"""Private classes: what no catalogue of credit information may hold, and the law that says so.

The closed list of evidence classes has no place for them; this is the second door, for a name that
would bring one in under another class.  It errs on the side of refusing: whoever is refused in
error names the item more plainly.
"""

import re
from typing import Final, NamedTuple
from unicodedata import normalize

from contracts.errors import Refused

CREDIT_REPORTING: Final = "征信业管理条例 (2013) 14"
SENSITIVE: Final = "个人信息保护法 (2021) 28"  # biometrics, belief, health, accounts, whereabouts
NO_CREDIT: Final = "关于健全社会信用体系的意见 (2025)"  # no non-credit and no private information
LETTERS: Final = "信访工作条例 (2022); 关于健全社会信用体系的意见 (2025)"
SECRECY: Final = "宪法 40; 个人信息保护法 (2021) 28"  # of correspondence


class Private(NamedTuple):
    """Words that tell a private class, and the law that keeps it out."""

    words: re.Pattern[str]
    law: str


def _private(law: str, *words: str) -> Private:
    return Private(re.compile("|".join(words)), law)


PRIVATE: Final = (
    _private(CREDIT_REPORTING, r"宗教|信仰|教徒|\breligio|\bbeliefs?\b"),
    _private(CREDIT_REPORTING, r"基因|遗传|\bdna\b|\bgenes?\b|\bgenetic|\bgenom"),
    _private(CREDIT_REPORTING, r"指纹|\bfinger ?prints?\b"),
    _private(CREDIT_REPORTING, r"血型|\bblood (type|group)"),
    _private(CREDIT_REPORTING, "疾病|病史|病历|病情|诊断", r"\bdiseases?\b|\billness|\bdiagnos"),
    _private(CREDIT_REPORTING, r"\bmedical (hist|rec)"),
    _private(SENSITIVE, r"残疾|残障|\bdisabilit|\bdisabled\b"),
    _private(SENSITIVE, "人脸|虹膜|声纹|步态|生物识别", r"\biris\b|\bvoice ?print|\bbiometric"),
    _private(SENSITIVE, r"\bface (image|recog)"),
    _private(SENSITIVE, r"行踪|轨迹|定位|\bwhereabouts\b|\blocation (hist|track)"),
    _private(SENSITIVE, r"性取向|性生活|\bsexual"),
    _private(NO_CREDIT, r"政治面貌|政治观点|政治倾向|党派|\bpolitical"),
    _private(NO_CREDIT, r"民族|种族|籍贯|\bethnic|\brac(e|ial)\b"),
    _private(NO_CREDIT, "婚姻|婚恋|生育|怀孕", r"\bmarital|\bmarriage|\bpregnan|\bchildbearing"),
    _private(NO_CREDIT, "社交(关系|网络)|朋友圈|好友", r"\bsocial (media|network|relation)"),
    _private(NO_CREDIT, r"浏览记录|购物记录|消费习惯|\bbrowsing|\bshopping (hist|habit)"),
    _private(LETTERS, r"信访|上访|\bpetition"),
    _private(SECRECY, "聊天|私信|通信内容|通话|短信", r"\bchats?\b|\bprivate messag|\bcall log"),
)


def check_not_private(*names: str) -> None:
    """Raise Refused("private_class") with the law when a name smells of a private class."""
    for name in names:
        plain = re.sub(r"[\s_·.-]+", " ", normalize("NFKC", name).casefold())
        tight = plain.replace(" ", "")
        for private in PRIVATE:
            if private.words.search(plain) or private.words.search(tight):
                raise Refused("private_class", private.law)
