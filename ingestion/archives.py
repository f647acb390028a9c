# SPDX-License-Identifier: Apache-2.0
"""Files out of an archive that somebody else packed: zip or tar, in a folder or not.

Belongs here: opening archives safely (limits on number and size, no encryption, nothing written
to disk). Does not belong here: what the files mean (the formats).
"""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Container
from pathlib import PurePosixPath
from typing import TypeVar

from foundation import formats
from foundation.errors import BadDelivery
from ingestion.adapter import refuse

MAX_MEMBERS = 500
MAX_BYTES = 2 * 1024**3
MAX_RATIO = 250
# Small files compress freely: a header line repeated is no bomb.
RATIO_COUNTS_FROM = 16 * 1024**2
_ZIP_MAGIC = b"PK\x03\x04"
_EMPTY_ZIP_MAGIC = b"PK\x05\x06"
_REMEDY = "Export wiederholen und vollständig einliefern"
_T = TypeVar("_T")


class _Everything(Container[str]):
    def __contains__(self, name: object) -> bool:
        return True


EVERYTHING: Container[str] = _Everything()
"""As `wanted`: every file of the archive."""


def read_members(file_name: str, data: bytes, wanted: Container[str]) -> dict[str, bytes]:
    """The wanted files of an archive by base name, whatever folder they lie in.

    What is absent is left out. Raises BadDelivery for what is no archive, a truncated or damaged
    one, an encrypted one, one that holds a name twice, and one that would
    unpack to an unreasonable size.
    """
    if not data:
        raise refuse(
            file_name,
            rule="datei_leer",
            found="0 Bytes",
            expected="ein Archiv (zip oder tar)",
            remedy=_REMEDY,
        )
    if data.startswith((_ZIP_MAGIC, _EMPTY_ZIP_MAGIC)):
        return _from_zip(file_name, data, wanted)
    return _from_tar(file_name, data, wanted)


def _from_zip(file_name: str, data: bytes, wanted: Container[str]) -> dict[str, bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        # The list of contents stands at the end: where it is missing, the end is missing.
        raise refuse(
            file_name,
            rule="archiv_abgeschnitten",
            found=f"ein Zip-Archiv ohne Inhaltsverzeichnis am Ende ({formats.number(len(data))} Bytes)",
            expected="ein vollständiges Zip-Archiv",
            remedy=_REMEDY,
        ) from error
    with archive:
        infos = [i for i in archive.infolist() if not i.is_dir() and "__MACOSX/" not in i.filename]
        _check_limits(file_name, len(infos), sum(i.file_size for i in infos), len(data))
        chosen: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            _choose(file_name, info.filename, info, wanted, chosen)
        return {name: _read(file_name, archive, info) for name, info in chosen.items()}


def _read(file_name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & 0x1:
        raise refuse(
            f"{file_name}/{info.filename}",
            rule="archiv_verschluesselt",
            found="eine mit Kennwort geschützte Datei",
            expected="ein Archiv ohne Kennwort",
            remedy="ohne Kennwort exportieren und erneut einliefern",
        )
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise _damaged(f"{file_name}/{info.filename}") from error


def _from_tar(file_name: str, data: bytes, wanted: Container[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    count = total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
            for member in archive:
                if not member.isfile():
                    continue
                count, total = count + 1, total + member.size
                _check_limits(file_name, count, total, len(data))
                chosen: dict[str, tarfile.TarInfo] = {}
                _choose(file_name, member.name, member, wanted, chosen, already=found)
                for name in chosen:
                    stream = archive.extractfile(member)
                    content = stream.read() if stream is not None else b""
                    if len(content) != member.size:
                        raise _damaged(f"{file_name}/{member.name}")
                    found[name] = content
    except tarfile.ReadError as error:
        if count:
            raise _damaged(file_name) from error
        raise refuse(
            file_name,
            rule="kein_archiv",
            found="eine Datei, die weder zip noch tar ist",
            expected="ein DSFinV-K-Archiv (zip oder tar)",
            remedy="die Datei aus dem DSFinV-K-Export der Kasse einliefern",
        ) from error
    except (EOFError, zlib.error, lzma.LZMAError, OSError) as error:
        raise _damaged(file_name) from error
    return found


def _choose(
    file_name: str,
    path: str,
    member: _T,
    wanted: Container[str],
    chosen: dict[str, _T],
    already: Collection[str] = (),
) -> None:
    place = PurePosixPath(path.replace("\\", "/"))
    # Where every file is wanted, two folders may each have an invoice of the standard's name
    name = place.as_posix() if wanted is EVERYTHING else place.name
    if name not in wanted:
        return
    if name in chosen or name in already:
        raise refuse(
            f"{file_name}/{name}",
            rule="datei_doppelt",
            found="die Datei mehrfach im Archiv",
            expected="jede Datei genau einmal",
            remedy="je Kasse und Zeitraum ein eigenes Archiv einliefern",
        )
    chosen[name] = member


def _check_limits(file_name: str, members: int, unpacked: int, packed: int) -> None:
    bomb = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * packed
    if members > MAX_MEMBERS or unpacked > MAX_BYTES or bomb:
        raise refuse(
            file_name,
            rule="archiv_zu_gross",
            found=f"{formats.number(members)} Dateien mit {formats.number(unpacked)} Bytes in "
            f"{formats.number(packed)} Bytes gepackt",
            expected=f"höchstens {formats.number(MAX_MEMBERS)} Dateien, {formats.number(MAX_BYTES)} Bytes, "
            f"{MAX_RATIO}-fach",
            remedy="einen kürzeren Zeitraum exportieren; sonst Herkunft der Datei prüfen",
        )


def _damaged(place: str) -> BadDelivery:
    return refuse(
        place,
        rule="archiv_beschaedigt",
        found="beschädigte oder abgeschnittene Daten",
        expected="ein vollständiges Archiv",
        remedy=_REMEDY,
    )
