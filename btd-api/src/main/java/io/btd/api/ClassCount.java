// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

/// Blocks of one size class, counted.
///
/// @param blockSize in bytes; 0 stands for large objects
/// @param blocks how many
/// @param bytes what they occupy together, in bytes
public record ClassCount(long blockSize, long blocks, long bytes) {}
