"""What the documentation page says beside the interface's own description."""

from typing import Final

from contracts.problems import Text
from contracts.routes.route import Audience

AUDIENCES: Final[dict[Audience, tuple[Text, Text]]] = {
    Audience.CITIZEN: (
        Text("Residents, at home", "居民（归属城市）"),
        Text(
            "Bearer token of the city's identity provider (OpenID Connect).",
            "使用本市身份认证系统（OpenID Connect）签发的令牌。",
        ),
    ),
    Audience.HOLDER: (
        Text("Holders, at a host", "持有人（目的地城市）"),
        Text(
            "Bearer token of the session that `recognise_attestation` opened.",
            "使用 recognise_attestation 所开会话的令牌。",
        ),
    ),
    Audience.OPERATOR: (
        Text("Operators of scenarios", "场景运营方"),
        Text(
            "OAuth 2.0 access token by client credentials (RFC 6749 §4.4), from `issue_token`.",
            "使用 OAuth 2.0 客户端凭据（RFC 6749 第 4.4 节）换取的访问令牌，见 issue_token。",
        ),
    ),
    Audience.ADMINISTRATOR: (
        Text("The city's administrators", "本市管理员"),
        Text(
            "Bearer token of the city's identity provider, with the role.",
            "使用本市身份认证系统签发、带有管理员角色的令牌。",
        ),
    ),
    Audience.CITY: (
        Text("Other cities of the alliance", "联盟其他城市"),
        Text(
            "HTTP message signature (RFC 9421) by a transport key of the roster.",
            "使用名册中的传输密钥进行 HTTP 消息签名（RFC 9421）。",
        ),
    ),
    Audience.ERASED: (
        Text("Whoever holds the receipt of an erasure", "删除回执持有者"),
        Text(
            "Bearer token: the receipt that came with the erasure.",
            "使用删除个人信息时所得的回执。",
        ),
    ),
    Audience.PUBLIC: (
        Text("Everyone", "公众"),
        Text("Nothing to prove.", "无需身份认证。"),
    ),
}

TEXTS: Final[dict[str, Text]] = {
    "title": Text("Interface of this city's node", "本市节点接口文档"),
    "lead": Text(
        "JSON over HTTPS. Whoever makes a thing chooses its id; repeating a request with the same"
        " id and content is safe. Errors are RFC 9457 problems with a stable code. Money is in fen"
        " (1/100 yuan), moments are RFC 3339 in UTC.",
        "接口采用 HTTPS 与 JSON。编号由创建者自选；以相同编号和内容重复请求是安全的。错误按"
        " RFC 9457 返回，并带有固定代码。金额单位为分，时间为 RFC 3339 格式的 UTC 时间。",
    ),
    "programs": Text("For programs:", "供程序读取："),
    "codes": Text("all error codes", "全部错误代码"),
    "contents": Text("Contents", "目录"),
    "authentication": Text("Authentication:", "身份认证："),
    "scopes": Text("Scopes:", "权限范围："),
    "deprecated": Text("Deprecated.", "已弃用。"),
    "parameters": Text("Parameters", "参数"),
    "body": Text("Body", "请求内容"),
    "answer": Text("Answer", "应答"),
    "errors": Text("Errors", "错误"),
    "example": Text("Example", "示例"),
    "keeps": Text("From the answer:", "取自应答："),
    "name": Text("Name", "名称"),
    "type": Text("Type", "类型"),
    "meaning": Text("Meaning", "含义"),
    "required": Text("required", "必填"),
    "list": Text("list of", "列表："),
    "or": Text("or", "或"),
    "journey": Text("The main journey", "主要流程"),
    "journey_lead": Text(
        "Each command can be copied once the variables hold what is yours; the tests of this"
        " software run them as they stand.",
        "设置好变量后即可直接复制执行；本软件的测试会原样运行这些命令。",
    ),
    "variable": Text("Variable", "变量"),
    "types": Text("Types", "数据类型"),
    "see": Text("see", "见"),
}
