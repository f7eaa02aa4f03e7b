"""Says where one app imports another app's edges: only config puts edges together.

usage: python -m tools.edges
"""

from __future__ import annotations

from sys import stdlib_module_names

import grimp

EDGES = frozenset({"views", "api", "forms", "urls", "commands", "admin", "tasks", "receivers"})
NUMERIC = frozenset({"numpy", "scipy", "highspy", "ortools"})  # all that the engine stands on


def problems(package: str = "permea", assembly: str = "config") -> list[str]:
    """Return one sentence for every import of an edge from outside its own app."""
    graph = grimp.build_graph(package, cache_dir=None)
    found = []
    for module in sorted(graph.modules):
        parts = module.split(".")
        if len(parts) < 3 or parts[2] not in EDGES:
            continue
        for importer in sorted(graph.find_modules_that_directly_import(module)):
            app = importer.partition(".")[2].partition(".")[0]
            if app not in {parts[1], assembly}:
                found.append(f"{importer} imports {module}, an edge of another app")
    return found


def strange_imports(package: str = "permea_engine", allowed: frozenset[str] = NUMERIC) -> list[str]:
    """Return one sentence for every import of the engine that is not its own, numeric, or of the standard library."""
    graph = grimp.build_graph(package, include_external_packages=True, cache_dir=None)
    outside = {module for module in graph.modules if graph.is_module_squashed(module)}
    known = allowed | stdlib_module_names
    return [
        f"{importer} imports {module}"
        for module in sorted(outside)
        if module.split(".")[0] not in known
        for importer in sorted(graph.find_modules_that_directly_import(module))
    ]


def main() -> int:
    """Print every such import; return 1 if there is one."""
    found = [*problems(), *strange_imports()]
    for said in found:
        print(said)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
