"""What an error says to people: status, title and next step of every code, in two languages.

Titles state the fact, next steps say what helps.  Nothing here depends on the request, so no text
can carry personal data.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Text:
    """One sentence in both languages."""

    en: str
    zh: str

    def said(self, language: str) -> str:
        """Say it in `zh` or `en`; in any other language, both."""
        match language:
            case "zh":
                return self.zh
            case "en":
                return self.en
            case _:
                return f"{self.zh} {self.en}"


@dataclass(frozen=True)
class Entry:
    """How one code is shown: HTTP status, what happened, what helps."""

    status: int
    title: Text
    next_step: Text

    def __post_init__(self) -> None:
        if not 400 <= self.status <= 599:  # noqa: PLR2004 - the range of HTTP errors
            raise ValueError(f"{self.status} is no error status")


_FIX = Text("Correct the request and send it again.", "请更正请求后重试。")
_WAIT = Text("Try again in a few seconds; repeating is safe.", "请稍后重试，重复提交是安全的。")
_NEW_ATTESTATION = Text("Get a new attestation at home.", "请向归属城市重新申领证明。")
_NEW_CHALLENGE = Text("Open a new challenge and sign it.", "请重新获取随机数并签名。")
_ASK_CITY = Text("Ask the city that runs this node.", "请联系本节点所属城市。")
_ASK_HOME = Text("Ask the home city.", "请联系归属城市。")
_UPDATE_APP = Text("Update the app, or tell its maker.", "请更新应用或联系其开发者。")
_NEW_TEXT = Text("Show the consent text anew.", "请重新获取并展示授权文本。")
_OTHER_OFFER = Text("See which other incentives there are.", "可查看其他激励措施。")
_OTHER_DAY = Text("See its weekdays, and come back on one of them.", "请在其开放日领取。")
_OTHER_HOUR = Text("See its hours, and come back within them.", "请在其开放时段领取。")
_DISTRICT = Text("Name a district that it is for.", "请选择其适用的区县。")
_AFTER_OTHER = Text(
    "Use the other grant first, or let it run out.", "请先使用该权益或待其失效后再领取。"
)
_LATER = Text("Try again in the next period.", "请在下一周期再试。")


def type_of(code: str) -> str:
    """Return the `type` of a problem (RFC 9457 §3.1.1): where this gateway explains the code."""
    return f"/v1/problems/{code}"


def _entry(status: int, en: str, zh: str, next_step: Text) -> Entry:
    return Entry(status, Text(en, zh), next_step)


def _refused(en: str, zh: str, next_step: Text) -> Entry:
    return _entry(422, en, zh, next_step)


PROBLEMS: Final[dict[str, Entry]] = {
    # the request itself
    "malformed": _entry(400, "The request cannot be read.", "请求格式有误。", _FIX),
    "too_large": _entry(413, "The request is too large.", "请求内容过大。", _FIX),
    "too_slow": _entry(
        408,
        "The body of the request did not arrive in time.",
        "请求内容未能及时送达。",
        Text("Send it again, all at once.", "请重新提交完整请求。"),
    ),
    "unsupported_media_type": _entry(
        415, "The body is of another type than expected.", "不支持该内容类型。", _FIX
    ),
    "bad_civil_id": _entry(
        400, "The identity is not a valid citizen number.", "公民身份号码无效。", _ASK_CITY
    ),
    "malformed_presentation": _entry(
        400, "The presentation cannot be read.", "所出示的证明格式有误。", _UPDATE_APP
    ),
    "method_not_allowed": _entry(405, "This cannot be done here.", "不支持该操作。", _FIX),
    "not_found": _entry(404, "There is nothing of that name.", "未找到该对象。", _FIX),
    "id_reused": _entry(
        409,
        "This id already stands for something else.",
        "该编号已用于其他内容。",
        Text("Use a fresh id.", "请使用新的编号。"),
    ),
    "precondition_failed": _entry(
        412,
        "It was changed since it was looked at.",
        "该对象在查看之后已被更改。",
        Text("Look at it again, and decide anew.", "请重新查看后再决定。"),
    ),
    # who asks
    "unauthenticated": _entry(
        401,
        "It is not proven who is asking.",
        "未能确认请求者身份。",
        Text("Sign in again; a city signs its request.", "请重新登录；城市节点须对请求签名。"),
    ),
    "bad_signature": _entry(
        401,
        "The signature of the request does not hold.",
        "请求签名无效。",
        Text("Check key, clock and covered components.", "请检查密钥、时钟和签名范围。"),
    ),
    "forbidden": _entry(403, "This is not for this caller.", "无权进行该操作。", _ASK_CITY),
    # consent and attestation, at home
    "recipient_not_member": _refused(
        "The recipient is no other member city that takes part.",
        "接收方不是本城市以外正在参与的成员城市。",
        Text("Choose another city, online by the roster.", "请选择名册中已上线的其他城市。"),
    ),
    "consent_missing": _refused(
        "There is no consent for this city.",
        "尚未授权该城市。",
        Text("Give a consent first.", "请先授权。"),
    ),
    "consent_withdrawn": _refused(
        "The consent was withdrawn.", "授权已撤回。", Text("Give a new consent.", "请重新授权。")
    ),
    "consent_over": _refused(
        "The consent is over.", "授权已到期。", Text("Give a new consent.", "请重新授权。")
    ),
    "consent_renewal_needed": _refused(
        "What was consented to has changed.",
        "授权内容已发生变更。",
        Text(
            "Read the new text and consent anew, or leave it.",
            "请阅读新文本后重新授权，或不再授权。",
        ),
    ),
    "consent_text_unknown": _refused(
        "There is no consent text of that version.", "不存在该版本的授权文本。", _NEW_TEXT
    ),
    "consent_text_not_in_force": _refused(
        "That version of the consent text is not in force.",
        "该版本的授权文本未在施行期内。",
        _NEW_TEXT,
    ),
    "consent_text_differs": _refused(
        "What was shown is not what would be consented to.",
        "所展示的授权文本与应授权内容不一致。",
        _NEW_TEXT,
    ),
    "recipient_not_assessed": _refused(
        "Giving data to this city has not been assessed yet.",
        "向该城市提供信息尚未完成影响评估。",
        _ASK_HOME,
    ),
    "no_score": _refused("There is no score to attest.", "暂无可证明的信用分。", _ASK_HOME),
    "already_open": _refused(
        "It is contested, or its repair asked for, already.",
        "该事项已在异议或修复办理中。",
        Text(
            "Wait for the decision, or withdraw the first one.", "请等待办理结果，或先撤回原申请。"
        ),
    ),
    "already_decided": _refused(
        "It was decided already; whom it concerns may have legal remedies.",
        "该事项已有处理结果；当事人不服的，可依法寻求救济。",
        Text("Read the decision, or ask the city about it.", "请查看处理结果，或向本城市咨询。"),
    ),
    "withdrawn_too_often": _refused(
        "It was contested and withdrawn twice; it is not contested a third time.",
        "该信息已两次提出异议又撤回，不再受理第三次异议。",
        Text(
            "Go to the city's office with what supports it; it may correct the record itself.",
            "如仍有异议，请携带证明材料到本城市受理窗口反映，由其核实更正。",
        ),
    ),
    "period_not_over": _refused(
        "The month is not over yet.",
        "该月尚未结束。",
        Text("Wait until the month is over in the host city.", "请待该月（北京时间）结束后再试。"),
    ),
    "period_out_of_order": _refused(
        "Months are closed in order, and none behind a later one that is closed.",
        "须按月份顺序关账；其后月份已关账的，不再补关。",
        Text("Close the earlier months first.", "请先关闭更早的月份。"),
    ),
    "period_not_closed": _refused(
        "The month is not closed yet.",
        "该月尚未关账。",
        Text("Close the month first, then compare.", "请先关账，再进行核对。"),
    ),
    "not_disputed": _refused(
        "There is nothing to resolve: the settlement is not disputed.",
        "无需处理：该结算不存在差异。",
        Text("Compare it with the other city.", "请与对方城市核对。"),
    ),
    "fact_not_named": _refused(
        "No fact was named yet.",
        "尚未指明所涉信息。",
        Text("Name the fact first.", "请先指明所涉信息。"),
    ),
    "repair_too_early": _refused(
        "The minimum period is not over yet.",
        "尚未满最短公示期。",
        Text("See the earliest day among one's facts.", "可在本人信息中查看最早可申请日期。"),
    ),
    "key_not_usable": _refused(
        "The city's signing key cannot be used now.", "签名密钥当前不可用。", _ASK_CITY
    ),
    "attestation_suspended": _refused(
        "The city has suspended an attestation for that city.",
        "面向该城市的证明已被暂停。",
        _ASK_HOME,
    ),
    "attestation_revoked": _refused(
        "The attestation was revoked, which is final.",
        "该证明已撤销，不可恢复。",
        Text("A new attestation has to be issued.", "须重新签发证明。"),
    ),
    # verification, at the host
    "wrong_type": _refused(
        "This is not of the type that is wanted here.", "所提交内容的类型不符。", _UPDATE_APP
    ),
    "wrong_vct": _refused(
        "This kind of attestation is not known here.", "不支持该类证明。", _NEW_ATTESTATION
    ),
    "wrong_algorithm": _refused(
        "The signature algorithm is not allowed.", "签名算法不被允许。", _ASK_HOME
    ),
    "unknown_city": _refused("The issuer is no member city.", "签发方不是成员城市。", _ASK_HOME),
    "city_not_online": _refused(
        "The issuing city does not take part at present.", "签发城市当前未参与互认。", _ASK_HOME
    ),
    "issuer_is_host": _refused(
        "The attestation is of this very city.",
        "证明由本城市签发，无需互认。",
        Text("Use the local service.", "请直接使用本地服务。"),
    ),
    "unknown_key": _refused("The signing key is not known.", "签名密钥未知。", _NEW_ATTESTATION),
    "key_not_current": _refused(
        "The signing key is not in use.", "签名密钥不在使用期内。", _NEW_ATTESTATION
    ),
    "bad_issuer_signature": _refused(
        "The issuer's signature does not hold.", "签发方签名无效。", _NEW_ATTESTATION
    ),
    "wrong_audience": _refused(
        "This is addressed to another city.", "该内容并非发往本城市。", _NEW_ATTESTATION
    ),
    "issued_in_future": _refused(
        "The attestation was issued in the future.", "证明的签发时间晚于当前时间。", _ASK_HOME
    ),
    "not_yet_valid": _refused("The attestation is not valid yet.", "证明尚未生效。", _WAIT),
    "expired": _refused("The attestation has expired.", "证明已过期。", _NEW_ATTESTATION),
    "lifetime_too_long": _refused(
        "The attestation is valid for too long.", "证明有效期过长。", _ASK_HOME
    ),
    "no_holder_key": _refused(
        "The attestation is bound to no key.", "证明未绑定持有人密钥。", _NEW_ATTESTATION
    ),
    "bad_disclosure": _refused(
        "The disclosures do not fit the attestation.", "披露内容与证明不符。", _UPDATE_APP
    ),
    "missing_claim": _refused(
        "Something needed was not disclosed.", "缺少必要的披露项。", _UPDATE_APP
    ),
    "unknown_crosswalk": _refused(
        "That crosswalk is not in force.", "等级对照表版本未生效。", _NEW_ATTESTATION
    ),
    "crosswalk_mismatch": _refused(
        "Band and tier do not agree.", "等级与对照表不一致。", _ASK_HOME
    ),
    "bad_key_binding": _refused(
        "The proof of the holder's key does not hold.", "持有人密钥证明无效。", _NEW_CHALLENGE
    ),
    "challenge_unknown": _refused("The challenge is not known.", "随机数不存在。", _NEW_CHALLENGE),
    "challenge_used": _refused("The challenge was used.", "随机数已使用。", _NEW_CHALLENGE),
    "challenge_expired": _refused("The challenge is over.", "随机数已过期。", _NEW_CHALLENGE),
    "status_unavailable": _refused(
        "The attestation's status cannot be learnt now.", "暂时无法核验证明状态。", _WAIT
    ),
    "status_invalid": _refused("The attestation was revoked.", "证明已被撤销。", _ASK_HOME),
    "status_suspended": _refused("The attestation is suspended.", "证明已被中止。", _ASK_HOME),
    "score_too_old": _refused(
        "The score behind the attestation is too old.", "信用分评定时间过早。", _NEW_ATTESTATION
    ),
    "purpose_missing": _refused(
        "The consent covers no purpose of use here.", "授权未包含可用目的。", _NEW_ATTESTATION
    ),
    "empty_policy": _refused(
        "This city has not said what it recognises.", "本城市尚未设定互认规则。", _ASK_CITY
    ),
    "stale_roster": _refused("The roster is out of date.", "成员名册已过期。", _ASK_CITY),
    # incentives and grants, at the host
    "not_recognised": _refused(
        "There is no recognition.",
        "尚未互认。",
        Text("Present an attestation.", "请出示信用分证明。"),
    ),
    "recognition_suspended": _refused(
        "The home city is looking into the recognition; nothing is given on it until then.",
        "归属城市正在核查，互认暂停期间不能领取。",
        Text("Wait for the home city, or ask there.", "请等待归属城市核查结果，或向其咨询。"),
    ),
    "recognition_ended": _refused("The recognition has ended.", "互认已终止。", _NEW_ATTESTATION),
    "purpose_not_covered": _refused(
        "The consent does not cover this category.",
        "授权目的不包含该类别。",
        Text("Widen the consent at home.", "可在归属城市扩大授权目的。"),
    ),
    "tier_below_minimum": _refused(
        "The tier is below what the incentive asks.", "联盟等级未达到要求。", _OTHER_OFFER
    ),
    "home_not_covered": _refused(
        "The incentive is for holders of other home cities.",
        "该激励措施面向其他归属城市。",
        _OTHER_OFFER,
    ),
    "attestation_too_old": _refused(
        "The attestation is older than the incentive asks.",
        "信用证明的出具时间超出要求。",
        _NEW_ATTESTATION,
    ),
    "outside_weekdays": _refused(
        "It is not given on this day of the week.", "该激励措施今日不开放领取。", _OTHER_DAY
    ),
    "outside_hours": _refused(
        "It is not given at this time of day.", "该激励措施当前时段不开放领取。", _OTHER_HOUR
    ),
    "outside_district": _refused(
        "It is not for use in this district.", "该激励措施不适用于所选区县。", _DISTRICT
    ),
    "excluded_by_other": _refused(
        "It cannot be had together with a grant that is open.",
        "该激励措施不能与持有中的其他权益同享。",
        _AFTER_OTHER,
    ),
    "condition_not_met": _refused(
        "A condition of the incentive is not met.", "未满足该激励措施的附加条件。", _OTHER_OFFER
    ),
    "not_offered": _refused("It is not on offer now.", "该激励措施当前未开放。", _OTHER_OFFER),
    "not_reviewed": _refused(
        "The city has not accepted this version.",
        "该版本尚未经市信用主管部门审核通过。",
        Text("Wait for the review, or submit changed terms.", "请等待审核，或修改条件后重新提交。"),
    ),
    "not_published": _refused(
        "No version of it was ever published.",
        "该激励措施尚无已发布的版本。",
        Text("Publish a version first, or withdraw it.", "请先发布，或直接撤回。"),
    ),
    "version_replaced": _refused(
        "A newer version took its place.",
        "该版本已被新版本替代。",
        Text("Go by the newest version.", "请以最新版本为准。"),
    ),
    "paused_by_city": _refused(
        "The city paused it; only the city can resume it.",
        "该措施由市信用主管部门暂停，只能由其恢复。",
        _ASK_CITY,
    ),
    "incentive_withdrawn": _refused(
        "It was withdrawn, for good.",
        "该激励措施已撤回，不可恢复。",
        Text("Submit a new one under another id.", "请使用新的编号重新提交。"),
    ),
    "wrong_kind": _refused(
        "The scenario is of another kind.",
        "该场景属于其他类型。",
        Text("Register a scenario of the right kind.", "请登记相应类型的场景。"),
    ),
    "holder_limit_reached": _refused(
        "Taken as often as one may in this period.", "本周期领取次数已达上限。", _LATER
    ),
    "quota_exhausted": _refused("All are taken for this period.", "本周期名额已用完。", _LATER),
    "reservation_over": _refused(
        "The reservation is held no longer.",
        "预留已失效。",
        Text("Reserve again, or take the incentive at once.", "请重新预留或直接领取。"),
    ),
    "budget_exhausted": _refused("The budget is used up.", "预算已用完。", _OTHER_OFFER),
    "score_not_allowed": _refused(
        "A score may not decide this (State Council 2020-49).",
        "信用分不得用于该事项。",
        Text("Offer it without a tier, or not at all.", "请取消等级条件或撤回该措施。"),
    ),
    "legal_basis_missing": _refused(
        "A statutory basis must be named.",
        "缺少法定依据。",
        Text("Name law and article.", "请注明法律条款。"),
    ),
    # evidence, at the host
    "private_class": _refused(
        "The law keeps this kind of information out of credit.",
        "该类信息依法不得纳入信用信息。",
        Text("Leave it out; the detail names the law.", "请勿纳入；详情列明法律依据。"),
    ),
    "item_not_live": _refused(
        "The evidence catalogue has no such item that is live now.",
        "信用信息目录中没有当前有效的该目录项。",
        Text("See the catalogue at /v1/evidence-items.", "请查阅信用信息目录。"),
    ),
    "source_not_registered": _refused(
        "The catalogue does not name this source for the item.",
        "该来源未登记为此目录项的信息来源。",
        _ASK_CITY,
    ),
    "subject_not_covered": _refused(
        "The item is not about this kind of subject.",
        "该目录项不适用于此类主体。",
        Text("See the item's subjects in the catalogue.", "请查阅目录项的适用主体。"),
    ),
    "document_not_accepted": _refused(
        "The item does not accept this type of document.",
        "该目录项不接受此类文书。",
        Text("See the item's documents in the catalogue.", "请查阅目录项的文书类型。"),
    ),
    "document_used": _refused(
        "This document was entered before.",
        "该文书已录入过。",
        Text("A new document is needed.", "须有新的文书。"),
    ),
    "evidence_over": _refused(
        "Its time is up already.", "该信息已超过有效期。", Text("Leave it out.", "无需录入。")
    ),
    "not_repairable": _refused(
        "The item allows no repair.",
        "该目录项不适用信用修复。",
        Text("It ends by its dates.", "到期后自动失效。"),
    ),
    "already_recalled": _refused(
        "The grant was recalled for another reason already.",
        "该权益已因其他原因收回。",
        Text("The first notice stands.", "以首次通知为准。"),
    ),
    "grant_ended": _refused(
        "The grant is not open any more.",
        "该权益已结束。",
        Text(
            "See what became of it: nothing is left to use or to recall.",
            "请查看该权益的结果；已无可使用或收回的内容。",
        ),
    ),
    "already_reversed": _refused(
        "The redemption was reversed already.",
        "该核销已冲正。",
        Text("Nothing is to be done.", "无需再处理。"),
    ),
    "not_reversible": _refused(
        "The redemption can no longer be reversed.",
        "该核销已不可冲正。",
        Text(
            "Its incentive allows it for some minutes only; settle it with the person.",
            "激励措施仅允许在限定分钟内冲正，请与持有人自行结清。",
        ),
    ),
    "hold_over": _refused(
        "No such deposit is held any more.",
        "已不再保有该押金。",
        Text(
            "Call at most what was waived, while it is held.",
            "请在保有期内追索，且不超过所免金额。",
        ),
    ),
    # substitutions, screenings and vettings, at the host
    "employed_elsewhere": _refused(
        "Another employer is still active.",
        "仍有其他在册的所属机构。",
        Text("End that employment first.", "请先解除原机构登记。"),
    ),
    "objection_too_late": _refused(
        "There is no finding here that one may still object to.",
        "已无可提出异议的审核结果。",
        Text("Ask for a repair, or ask the city.", "可申请信用修复或联系所属城市。"),
    ),
    "limit_reached": _refused(
        "There are as many as there may be.",
        "已达数量上限。",
        Text(
            "Remove what is no longer needed, or wait until one is over.",
            "请移除不再需要的，或待其失效后再试。",
        ),
    ),
    "ordinary_terms": _refused(
        "Ordinary terms apply.",
        "按普通条件办理。",
        Text("Serve the person on ordinary terms.", "请按普通条件提供服务。"),
    ),
    # this node
    "too_many_requests": _entry(
        429,
        "More requests than one caller may make.",
        "请求过于频繁。",
        Text("Wait as long as Retry-After says.", "请按 Retry-After 所示时间后重试。"),
    ),
    "unavailable": _entry(503, "The service is not available at present.", "服务暂不可用。", _WAIT),
    "not_yet_visible": _entry(
        503, "The recognition is still being taken in.", "互认结果正在同步。", _WAIT
    ),
    "internal": _entry(500, "Something went wrong on our side.", "系统内部错误。", _ASK_CITY),
}
