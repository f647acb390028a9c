# SPDX-License-Identifier: Apache-2.0
"""What all adapters share: bytes to text, and what becomes of an error that nobody expected."""

import pytest

from foundation.contracts import Contract
from foundation.errors import BadDelivery
from ingestion.adapter import read_with, utf8_bytes
from tests.ingestion.pos.samples import shipped

TEXT = "Straße;1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf8_is_read_with_and_without_its_mark(encoding: str, mark: bytes) -> None:
    assert utf8_bytes(mark + TEXT.encode(), "a.csv", encoding) == TEXT.encode()


def test_utf8_where_windows_was_promised_is_refused() -> None:
    with pytest.raises(BadDelivery, match="UTF-8"):
        utf8_bytes(TEXT.encode(), "a.csv", "windows-1252")


def test_an_unexpected_error_is_a_finding_that_quotes_nothing_of_the_file() -> None:
    def read(file_name: str, data: bytes, contract: Contract) -> int:
        raise KeyError(data.decode())

    with pytest.raises(BadDelivery, match="KeyError") as caught:
        read_with(read, "a.csv", b"Erika Muster", shipped("pos_csv"))
    (finding,) = caught.value.findings
    assert (finding.file, finding.rule) == ("a.csv", "datei_unlesbar")
    assert "Erika" not in str(caught.value)


def test_a_disk_that_fails_is_no_fault_of_the_file() -> None:
    def read(file_name: str, data: bytes, contract: Contract) -> int:
        raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        read_with(read, "a.csv", b"x", shipped("pos_csv"))
