# SPDX-License-Identifier: Apache-2.0
"""An edition: what was published, with a manifest of hashes that is signed, and its verification by an outsider.

Belongs here: the manifest, its signature (Ed25519, RFC 8032), the comparison with the edition before, ``verify``.
Does not belong here: making the files (``exports.py``, ``portal.py``, ``statements``).

An edition is a folder: ``manifest.json``, ``manifest.sig``, ``public_key.pem`` and the published files. The manifest names
lake snapshot, code revision, contract versions, the approvals and the SHA-256 of every file; the hash of the manifest
before it chains the editions.
"""

import base64
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from foundation.errors import VerificationError

FORMAT = "ortskern-edition/1"
MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "public_key.pem"
_OWN = {MANIFEST, SIGNATURE, PUBLIC_KEY}


@dataclass(frozen=True)
class Published:
    """A table in an edition. ``is_noisy``: counts of persons carry noise and cannot be recomputed."""

    name: str
    title: str
    rows: int
    suppressed: int
    sha256: str
    definition_hash: str
    rules_hash: str
    approved_by: str
    approved_on: str
    minutes: str
    is_noisy: bool = False


@dataclass(frozen=True)
class Facts:
    """What the manifest says besides the hashes of files."""

    edition: str
    cooperative: str
    as_of: str
    snapshot: int
    code_revision: str
    code_sha256: str
    contracts: Mapping[str, Mapping[str, str]]
    tables: Sequence[Published]
    simulator: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Edition:
    """A signed edition on disk; ``is_new`` is False where the same edition stood already."""

    path: Path
    manifest_sha256: str
    files: int
    is_new: bool


@dataclass(frozen=True)
class Verification:
    """What ``verify`` found: every check by name, and the problems in German, empty where all is well."""

    edition: str
    files: int
    key_fingerprint: str
    is_own_key: bool | None
    tables: tuple[str, ...]
    noisy_tables: tuple[str, ...]
    snapshot: int
    code_revision: str
    definition_hashes: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def publish(
    facts: Facts, sources: Mapping[str, Path], editions: Path, key: Ed25519PrivateKey
) -> Edition:
    """Write and sign an edition under ``editions/<edition>``.

    Args:
        facts: what the manifest says.
        sources: name in the edition (``portal``, ``daten`` …) to the folder whose files go there.
        editions: folder of all editions.
        key: the cooperative's signing key.

    The folder is built beside its place and moved there whole, so a killed run leaves no half edition. What was published is
    never changed: an edition that says the same is left untouched, byte for byte, with its snapshot number (the lake may have
    moved on without changing a release); another one of the same day gets a number, ``<edition>-2``, and is chained to the first.
    """
    last = _last_of_day(editions, facts.edition)
    building = editions / f".{facts.edition}.part"
    if building.exists():
        shutil.rmtree(building)
    building.mkdir(parents=True)
    for name, folder in sorted(sources.items()):
        shutil.copytree(folder, building / name)
    standing = _read_manifest(last) if last is not None else None
    content = {"format": FORMAT, **asdict(facts), "files": _hashes(building)}
    is_whole = last is not None and not _signature_problems(last)
    if last is not None and standing is not None and is_whole and _says_the_same(standing, content):
        shutil.rmtree(building)
        return Edition(last, _manifest_hash(last), len(standing["files"]), is_new=False)
    name = _next_name(editions, facts.edition)
    previous = _newest_hash(editions, name)
    manifest = {**content, "edition": name, "previous": previous}
    target = editions / name
    data = (
        json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    ).encode()
    (building / MANIFEST).write_bytes(data)
    (building / SIGNATURE).write_text(base64.b64encode(key.sign(data)).decode() + "\n")
    (building / PUBLIC_KEY).write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    building.replace(target)
    return Edition(target, hashlib.sha256(data).hexdigest(), len(manifest["files"]), is_new=True)


def verify(path: Path, trusted: Ed25519PublicKey | None = None) -> Verification:
    """Check an edition as an outsider can: signature, then every file.

    Args:
        path: the edition's folder.
        trusted: the cooperative's public key from elsewhere; without it the key in the folder is used, which proves only that
            the folder is whole, and ``is_own_key`` is None.

    Raises:
        VerificationError: there is no manifest to check.
    """
    if not (path / MANIFEST).is_file():
        raise VerificationError(
            f"Ordner „{path}“: gefunden keine Datei {MANIFEST}, erwartet eine Ausgabe; den Ordner einer Ausgabe nennen."
        )
    manifest = _read_manifest(path)
    problems = _signature_problems(path, trusted)
    problems += _file_problems(path, manifest["files"])
    included = _included_key(path)
    return Verification(
        edition=str(manifest["edition"]),
        files=len(manifest["files"]),
        key_fingerprint=fingerprint(included) if included else "fehlt",
        is_own_key=None
        if trusted is None or included is None
        else fingerprint(trusted) == fingerprint(included),
        tables=tuple(t["name"] for t in manifest["tables"]),
        noisy_tables=tuple(t["name"] for t in manifest["tables"] if t["is_noisy"]),
        snapshot=int(manifest["snapshot"]),
        code_revision=str(manifest["code_revision"]),
        definition_hashes={t["name"]: t["definition_hash"] for t in manifest["tables"]},
        problems=tuple(problems),
    )


def snapshots_of_editions(editions: Path) -> set[int]:
    """The lake snapshots that editions name; maintenance must keep them."""
    return {int(_read_manifest(p.parent)["snapshot"]) for p in editions.glob(f"*/{MANIFEST}")}


def table_problems(path: Path, recomputed: Mapping[str, str]) -> list[str]:
    """Compare the tables of an edition with hashes recomputed from the lake (table name to SHA-256 of its CSV)."""
    problems = []
    for table in _read_manifest(path)["tables"]:
        found = recomputed.get(table["name"])
        if found is None:
            problems.append(
                f"Tabelle „{table['name']}“: im Datenbestand nicht mehr vorhanden; Snapshot gelöscht (Art. 17)?"
            )
        elif found != table["sha256"]:
            problems.append(
                f"Tabelle „{table['name']}“: der Datenbestand ergibt {found[:12]}…, veröffentlicht ist {table['sha256'][:12]}…."
            )
    return problems


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of a public key, in groups of four, for reading it out on the telephone."""
    digest = hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
    return " ".join(digest[i : i + 4] for i in range(0, 32, 4))


def load_public_key(path: Path) -> Ed25519PublicKey:
    """Read a public key. Raises VerificationError where the file is no Ed25519 key."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise VerificationError(
            f"Datei „{path}“: kein lesbarer öffentlicher Schlüssel; die Datei {PUBLIC_KEY} der Genossenschaft nennen."
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise VerificationError(
            f"Datei „{path}“: gefunden {type(key).__name__}, erwartet einen Ed25519-Schlüssel."
        )
    return key


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise VerificationError(
            f"Datei „{path / MANIFEST}“ ist nicht lesbar; die Ausgabe neu herunterladen."
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise VerificationError(
            f"Datei „{path / MANIFEST}“: erwartet das Format {FORMAT}; mit einer passenden Fassung von Ortskern prüfen."
        )
    return manifest


def _says_the_same(standing: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    def essence(m: Mapping[str, Any]) -> str:
        own = {k: v for k, v in m.items() if k not in ("snapshot", "edition", "previous")}
        return json.dumps(own, sort_keys=True, default=str)

    return essence(standing) == essence(content)


def _of_day(editions: Path, day: str) -> list[str]:
    """Names of the editions of a day, oldest first."""
    found = [p.parent.name for p in editions.glob(f"{day}*/{MANIFEST}")]
    own = [name for name in found if name == day or name.startswith(f"{day}-")]
    return sorted(own, key=lambda name: (len(name), name))


def _last_of_day(editions: Path, day: str) -> Path | None:
    names = _of_day(editions, day)
    return editions / names[-1] if names else None


def _next_name(editions: Path, day: str) -> str:
    names = _of_day(editions, day)
    return f"{day}-{len(names) + 1}" if names else day


def _manifest_hash(path: Path) -> str:
    return hashlib.sha256((path / MANIFEST).read_bytes()).hexdigest()


def _newest_hash(editions: Path, edition: str) -> str | None:
    earlier = sorted(
        p.parent.name for p in editions.glob(f"*/{MANIFEST}") if p.parent.name < edition
    )
    return (
        hashlib.sha256((editions / earlier[-1] / MANIFEST).read_bytes()).hexdigest()
        if earlier
        else None
    )


def _hashes(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in _OWN:
            data = path.read_bytes()
            found[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    return found


def _included_key(path: Path) -> Ed25519PublicKey | None:
    return load_public_key(path / PUBLIC_KEY) if (path / PUBLIC_KEY).is_file() else None


def _signature_problems(path: Path, trusted: Ed25519PublicKey | None = None) -> list[str]:
    included = _included_key(path)
    problems = []
    if (
        trusted is not None
        and included is not None
        and fingerprint(trusted) != fingerprint(included)
    ):
        problems.append("Der Schlüssel in der Ausgabe ist nicht der Schlüssel der Genossenschaft.")
    key = trusted or included
    if key is None:
        return [
            *problems,
            f"Datei „{PUBLIC_KEY}“ fehlt; ohne Schlüssel ist die Unterschrift nicht prüfbar.",
        ]
    try:
        key.verify(
            base64.b64decode((path / SIGNATURE).read_text("ascii")), (path / MANIFEST).read_bytes()
        )
    except (OSError, ValueError, InvalidSignature):
        problems.append(
            f"Die Unterschrift passt nicht zu „{MANIFEST}“: die Datei wurde nach der Unterschrift verändert oder die Unterschrift fehlt."
        )
    return problems


def _file_problems(path: Path, listed: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found = _hashes(path)
    problems = [f"Datei „{name}“ fehlt." for name in listed if name not in found]
    problems += [
        f"Datei „{name}“ steht nicht im Verzeichnis der Ausgabe."
        for name in found
        if name not in listed
    ]
    for name, entry in listed.items():
        if name in found and found[name]["sha256"] != entry["sha256"]:
            problems.append(
                f"Datei „{name}“ wurde verändert: Prüfsumme {found[name]['sha256'][:12]}…, unterschrieben ist {entry['sha256'][:12]}…."
            )
    return problems
