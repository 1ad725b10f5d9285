"""What becomes of an entry of an offer: a word for JSON, and for people in their language."""

from enum import StrEnum
from typing import Final

from huxin_client.shell.language import spoken


class Word(StrEnum):
    """What becomes of an entry."""

    ASKED = "will be as in the file"  # registered anew or changed: that cannot be asked for
    PUT = "as in the file"
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def said(self) -> str:
        return spoken(self.value, CHINESE[self])


CHINESE: Final = {
    Word.ASKED: "将与文件一致",
    Word.PUT: "已与文件一致",
    Word.NEW: "新增",
    Word.CHANGED: "变更",
    Word.UNCHANGED: "不变",
    Word.REFUSED: "被拒绝",
}
