"""Who works at an old terminal reads what commands print, too."""

import io

from huxin_client.shell.terminal import plainer


def test_a_terminal_of_gbk_is_shown_plainer_marks_and_all_of_the_chinese():
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, encoding="gbk")

    plainer(terminal)
    print("✓ 密钥 ✗ 名册 → …\u1e0b", file=terminal, flush=True)

    assert written.getvalue().decode("gbk") == "+ 密钥 x 名册 → …\\u1e0b\n"
