// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.Alloc;
import io.btd.api.Durability;
import io.btd.api.Layout;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What a client asks of a node. Immutable, but arrays and segments are not copied: they belong to whoever made
/// the request until it is answered.
@SuppressWarnings("ArrayRecordComponent") // messages are passed on, not compared
public sealed interface Request {

    /// The kind.
    MessageType type();

    /// Whether making it twice may differ from making it once; such requests are answered from memory when they
    /// are repeated.
    default boolean mutates() {
        return true;
    }

    /// The most pointers in one request.
    int MAX_POINTERS = 65_536;

    /// The most ranges in one request.
    int MAX_RANGES = 4096;

    /// The most requests in a batch.
    int MAX_BATCH = 4096;

    /// Keeps the lease; answered by [Response.Load].
    record Ping() implements Request {
        @Override
        public MessageType type() {
            return MessageType.PING;
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /// Allocates `count` blocks, all or none; answered by [Response.Pointers].
    record Malloc(long size, int count, Alloc alloc) implements Request {
        @Override
        public MessageType type() {
            return MessageType.MALLOC;
        }
    }

    /// Allocates a typed block; answered by [Response.Pointers].
    record MallocTyped(long size, Layout layout) implements Request {
        @Override
        public MessageType type() {
            return MessageType.MALLOC_TYPED;
        }
    }

    /// Frees blocks in order, up to the first that is refused; answered by [Response.Done].
    record Free(long[] blocks) implements Request {
        @Override
        public MessageType type() {
            return MessageType.FREE;
        }
    }

    /// Resizes; answered by [Response.Value], the pointer.
    record Realloc(long block, long size) implements Request {
        @Override
        public MessageType type() {
            return MessageType.REALLOC;
        }
    }

    /// Asks for a usable size; answered by [Response.Value].
    record UsableSize(long block) implements Request {
        @Override
        public MessageType type() {
            return MessageType.USABLE_SIZE;
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /// Replaces a pointer and frees what it led to, all on this node (a foreign `replacement` may be stored);
    /// answered by [Response.Truth].
    record UnlinkAndFree(long slot, long expected, long replacement) implements Request {
        @Override
        public MessageType type() {
            return MessageType.UNLINK_AND_FREE;
        }
    }

    /// Becomes a holder; answered by [Response.Done].
    record Adopt(long[] blocks) implements Request {
        @Override
        public MessageType type() {
            return MessageType.ADOPT;
        }
    }

    /// A part of what the session holds, after the node restarted; answered by [Response.Pointers]: those that
    /// are not the session's any more.
    record Declare(long[] blocks, boolean last) implements Request {
        @Override
        public MessageType type() {
            return MessageType.DECLARE;
        }
    }

    /// The session does not count these as held any more; answered by [Response.Done].
    record Released(long[] blocks) implements Request {
        @Override
        public MessageType type() {
            return MessageType.RELEASED;
        }
    }

    /// Makes live blocks fit to be referred to from other nodes; answered by [Response.Pointers]: those that are
    /// no live blocks.
    record Export(long[] blocks) implements Request {
        @Override
        public MessageType type() {
            return MessageType.EXPORT;
        }
    }

    /// Failure-atomic copy; answered by [Response.Done].
    record Memcpy(long destination, MemorySegment data) implements Request {
        @Override
        public MessageType type() {
            return MessageType.MEMCPY;
        }
    }

    /// Failure-atomic copy within the node; answered by [Response.Done].
    record Copy(long destination, long source, long bytes) implements Request {
        @Override
        public MessageType type() {
            return MessageType.COPY;
        }
    }

    /// A place in a block.
    ///
    /// @param address of the first byte
    /// @param bytes how many, at least 0
    record Range(long address, int bytes) {}

    /// Copies without a log, the data of all ranges one behind the other; answered by [Response.Durable].
    record Write(Durability durability, List<Range> ranges, MemorySegment data) implements Request {
        @Override
        public MessageType type() {
            return MessageType.WRITE;
        }
    }

    /// Reads; answered by [Response.Data], the ranges one behind the other.
    ///
    /// @param raw whether concurrent writers may tear it
    record Read(boolean raw, List<Range> ranges) implements Request {
        @Override
        public MessageType type() {
            return MessageType.READ;
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /// Reads a word; answered by [Response.Value].
    record GetLong(long address) implements Request {
        @Override
        public MessageType type() {
            return MessageType.GET_LONG;
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /// Stores a pointer; answered by [Response.Done].
    record PutPointer(long slot, long target) implements Request {
        @Override
        public MessageType type() {
            return MessageType.PUT_POINTER;
        }
    }

    /// Compares and replaces; answered by [Response.Truth].
    record CompareAndSet(long address, long expected, long value) implements Request {
        @Override
        public MessageType type() {
            return MessageType.COMPARE_AND_SET;
        }
    }

    /// Adds; answered by [Response.Value], the word before.
    record GetAndAdd(long address, long delta) implements Request {
        @Override
        public MessageType type() {
            return MessageType.GET_AND_ADD;
        }
    }

    /// Replaces; answered by [Response.Value], the word before.
    record GetAndSet(long address, long value) implements Request {
        @Override
        public MessageType type() {
            return MessageType.GET_AND_SET;
        }
    }

    /// Looks a name up; answered by [Response.Value].
    record RootGet(String name) implements Request {
        @Override
        public MessageType type() {
            return MessageType.ROOT_GET;
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /// Publishes under a name; answered by [Response.Value], the block before.
    ///
    /// @param ifAbsent whether a name that is there stays as it is
    record RootPut(String name, long block, boolean ifAbsent) implements Request {
        @Override
        public MessageType type() {
            return MessageType.ROOT_PUT;
        }
    }

    /// Removes a name; answered by [Response.Truth].
    record RootRemove(String name, long expected) implements Request {
        @Override
        public MessageType type() {
            return MessageType.ROOT_REMOVE;
        }
    }

    /// Lists the names behind `after` in the order of their bytes, as many as fit; answered by [Response.Names].
    record RootNames(String after) implements Request {
        @Override
        public MessageType type() {
            return MessageType.ROOT_NAMES;
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /// Reads a set-once slot; answered by [Response.Value].
    record SlotGet(int number) implements Request {
        @Override
        public MessageType type() {
            return MessageType.SLOT_GET;
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /// Sets a slot once; answered by [Response.Value], what it holds then.
    record SlotSet(int number, long block) implements Request {
        @Override
        public MessageType type() {
            return MessageType.SLOT_SET;
        }
    }

    /// Asks for the node's state; answered by [Response.State].
    record Stat() implements Request {
        @Override
        public MessageType type() {
            return MessageType.STAT;
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /// Many requests, made in order; answered by [Response.Results]. It contains no batch, no `Close`, no
    /// `Declare`.
    record Batch(List<Request> requests) implements Request {
        @Override
        public MessageType type() {
            return MessageType.BATCH;
        }

        @Override
        public boolean mutates() {
            return requests.stream().anyMatch(Request::mutates);
        }
    }

    /// Ends the session; answered by [Response.Done].
    record Close() implements Request {
        @Override
        public MessageType type() {
            return MessageType.CLOSE;
        }
    }
}
