# SPDX-License-Identifier: Apache-2.0
"""The asset graph as text: one block per group, one line per asset with its kinds and what it is made of.

Belongs here: writing the graph down. Does not belong here: what must hold for it (``test_graph.py``).

`python -m tests.orchestration.graph` writes ``graph.txt`` anew; its difference is the change of topology to review.
"""

import tempfile
from collections import defaultdict
from pathlib import Path

import dagster as dg

from foundation.settings import PROJECT_ROOT, load_settings
from orchestration.definitions import build_definitions
from orchestration.house import House, open_house

SNAPSHOT = Path(__file__).with_name("graph.txt")
COMMAND = ".venv/bin/python -m tests.orchestration.graph"


def sample_house(home: Path) -> House:
    """The sample cooperative with an empty state folder."""
    return open_house(load_settings(home=home, cooperative=PROJECT_ROOT / "cooperative"))


def written(definitions: dg.Definitions) -> str:
    """The graph as text, in order."""
    graph = definitions.resolve_asset_graph()
    groups: dict[str, list[str]] = defaultdict(list)
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        head = f"  {key.to_user_string()} [{', '.join(sorted(node.kinds))}]"
        if node.partitions_def is not None:
            head += (
                " daily" if isinstance(node.partitions_def, dg.DailyPartitionsDefinition) else " ?"
            )
        parents = [f"    < {parent.to_user_string()}" for parent in sorted(node.parent_keys)]
        groups[str(node.group_name)].append("\n".join([head, *parents]))
    blocks = ["\n".join([group, *assets]) for group, assets in sorted(groups.items())]
    return f"# Written by `{COMMAND}`\n\n" + "\n\n".join(blocks) + "\n"


def main() -> None:
    """Write the snapshot anew."""
    with tempfile.TemporaryDirectory() as folder:
        text = written(build_definitions(sample_house(Path(folder) / "home")))
    SNAPSHOT.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
