// SPDX-License-Identifier: Apache-2.0

/// `btd demo`: a full-text index that lives in an arena as linked, typed blocks, and survives being killed
/// at any instruction. It programs against [io.btd.api.BtdCluster] alone. Read it in this order:
/// [IndexHead] (the anchor of everything), [HashTrie] (how names are found), [InvertedIndex] (how a file
/// becomes searchable, and why no crash hurts), [RetiredDocuments] (how it stops being so and its memory
/// comes back), [IndexRun] (one pass over a directory).
@NullMarked
package io.btd.cli.demo;

import org.jspecify.annotations.NullMarked;
