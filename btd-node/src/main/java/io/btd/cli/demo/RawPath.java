// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/// A path as the bytes the file system keeps, whatever the locale. Ordered by unsigned bytes. Immutable.
public final class RawPath implements Comparable<RawPath> {
    private final byte[] bytes;

    private RawPath(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The path that these bytes spell.
    public static RawPath of(byte[] bytes) {
        return new RawPath(bytes.clone());
    }

    /// The absolute path of `file`. Java's own text of a path loses bytes the locale cannot decode; its URI
    /// keeps each of them.
    public static RawPath of(Path file) {
        String escaped = file.toAbsolutePath().toUri().getRawPath();
        ByteArrayOutputStream out = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                out.write(HexFormat.fromHexDigits(escaped, i + 1, i + 3));
                i += 2;
            } else {
                out.write(escaped.charAt(i));
            }
        }
        byte[] path = out.toByteArray();
        boolean slash = path.length > 1 && path[path.length - 1] == '/';
        return new RawPath(slash ? Arrays.copyOf(path, path.length - 1) : path);
    }

    /// The part of this path below `directory`, which it starts with.
    RawPath below(RawPath directory) {
        int skip = directory.bytes.length == 1 ? 1 : directory.bytes.length + 1;
        return new RawPath(Arrays.copyOfRange(bytes, skip, bytes.length));
    }

    /// The bytes; a copy.
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(RawPath other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawPath path && Arrays.equals(bytes, path.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// For people: undecodable bytes are replaced.
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
