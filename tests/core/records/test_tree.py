"""The writer's trees against published vectors, a plain oracle, and the verifier's own trees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.records import (
    EMPTY_ROOT,
    Frontier,
    consistency_path,
    inclusion_path,
    leaf_hash,
    tree_root,
)
from openqmm.core.verifier import tree as reader
from tests.reference import merkle_oracle as oracle

# The tree of eight leaves that implementations of RFC 6962 have been tested on since 2013
# (Certificate Transparency, merkletree tests).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    leaves = LEAVES[:size]
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert tree_root(leaves).hex() == frontier.root().hex() == ROOTS[size]
    assert reader.root_over(leaves).hex() == ROOTS[size]


def test_the_published_paths() -> None:
    assert [node.hex() for node in inclusion_path(LEAVES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [node.hex() for node in consistency_path(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[4],
    ]


@given(trees, st.data())
def test_paths_are_those_of_the_rfc_and_verify(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_path(leaves, index)
    assert path == oracle.path(index, entries)
    assert reader.root_by_path(leaves[index], index, len(leaves), path) == oracle.root(entries)
    first = data.draw(st.integers(1, len(leaves)))
    proof = consistency_path(leaves, first)
    assert proof == oracle.proof(first, entries)
    old, new = tree_root(leaves[:first]), tree_root(leaves)
    assert reader.roots_by_consistency(first, len(leaves), old, proof) == (old, new)


@given(trees, st.data())
def test_a_path_with_one_altered_bit_leads_elsewhere(
    entries: list[bytes], data: st.DataObject
) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    index = data.draw(st.integers(0, len(leaves) - 1))
    parts = [leaves[index], *inclusion_path(leaves, index)]
    which = data.draw(st.integers(0, len(parts) - 1))
    parts[which] = flipped(parts[which], data)
    assert reader.root_by_path(parts[0], index, len(leaves), parts[1:]) != tree_root(leaves)


@given(trees, st.data())
def test_a_path_of_the_wrong_length_or_place_proves_nothing(
    entries: list[bytes], data: st.DataObject
) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_path(leaves, index)
    for wrong in (path[:-1], [*path, leaves[0]]):
        if wrong != path:
            with pytest.raises(reader.BadPath):
                reader.root_by_path(leaves[index], index, len(leaves), wrong)
    with pytest.raises(reader.BadPath):
        reader.root_by_path(leaves[index], len(leaves), len(leaves), path)


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=70), st.data())
def test_an_altered_consistency_proof_proves_nothing(
    entries: list[bytes], data: st.DataObject
) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    first = data.draw(st.integers(1, len(leaves) - 1))
    old, new = tree_root(leaves[:first]), tree_root(leaves)
    proof = consistency_path(leaves, first)
    which = data.draw(st.integers(0, len(proof) - 1))
    proof[which] = flipped(proof[which], data)
    assert reader.roots_by_consistency(first, len(leaves), old, proof) != (old, new)


def test_a_consistency_proof_fits_its_sizes_or_none() -> None:
    root = tree_root(LEAVES)
    assert reader.roots_by_consistency(8, 8, root, []) == (root, root)
    for first in range(1, 8):
        path = consistency_path(LEAVES, first)
        for wrong in (path[:-1], [*path, root]):
            with pytest.raises(reader.BadPath):
                reader.roots_by_consistency(first, 8, tree_root(LEAVES[:first]), wrong)
    for first, path in ((0, [root]), (-1, [root]), (9, [root]), (8, [root])):
        with pytest.raises(reader.BadPath):
            reader.roots_by_consistency(first, 8, root, path)


@given(trees)
def test_a_frontier_survives_being_written_down(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    frontier, again = Frontier(), reader.GrowingTree()
    for size, leaf in enumerate(leaves):
        frontier = Frontier.from_hex(size, frontier.to_hex())
        frontier.append(leaf)
        again.add(leaf)
        assert frontier.root() == again.root() == tree_root(leaves[: size + 1])
    assert frontier.size == len(leaves)
    assert frontier.to_hex() == [node.hex() for node in again.subtrees()]


def test_what_is_no_tree_is_refused() -> None:
    assert Frontier().root() == EMPTY_ROOT == tree_root([])
    for size, roots in ((1, []), (3, [LEAVES[0]]), (-1, [LEAVES[0]]), (1, [b"short"])):
        with pytest.raises(ValueError, match="has not these"):
            Frontier(size, roots)
    for index in (-1, 8):
        with pytest.raises(ValueError, match="has no leaf"):
            inclusion_path(LEAVES, index)
    for first in (0, 9):
        with pytest.raises(ValueError, match="did not grow"):
            consistency_path(LEAVES, first)


def flipped(node: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, 8 * len(node) - 1))
    return (int.from_bytes(node, "big") ^ 1 << bit).to_bytes(len(node), "big")
