// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidSize;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.Recovering;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.heap.ForeignPointers;
import io.btd.heap.Heap;
import io.btd.node.arena.OpenArena;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Makes requests: one method per group, and what every one has in common: errors become answers. Thread-safe; the
/// caller's thread does it all.
final class RequestHandler {
    private static final Logger LOG = System.getLogger(RequestHandler.class.getName());

    private final OpenArena arena;
    private final Heap heap;
    private final BlockRequests blocks;
    private final ContentRequests contents;
    private final RootRequests roots;
    private final Supplier<Response> load;
    private final Supplier<Response> state;

    /// @param load answers PING
    /// @param state answers STAT
    RequestHandler(OpenArena arena, Supplier<Response> load, Supplier<Response> state) {
        this.arena = arena;
        this.heap = arena.heap();
        this.load = load;
        this.state = state;
        blocks = new BlockRequests(arena);
        contents = new ContentRequests(arena);
        roots = new RootRequests(arena.roots());
    }

    /// Makes a request; whatever goes wrong is the answer.
    ///
    /// @param stopAtFailure whether the requests of a batch behind one that fails are left out
    Response make(Request request, Making making, boolean stopAtFailure) {
        try {
            return request instanceof Request.Batch batch
                    ? batch(batch, making, stopAtFailure)
                    : single(request, making);
        } catch (ForeignPointers first) {
            return new Response.ExportFirst(first.pointers());
        } catch (Full full) {
            return new Response.Failed(heap.undecided() ? recovering(full) : full);
        } catch (BtdException refused) {
            return new Response.Failed(refused);
        } catch (RuntimeException | Error broken) {
            return new Response.Failed(internal(request, broken));
        }
    }

    /// The error for what should never happen; the log has the rest of it.
    Protocol internal(Request request, Throwable broken) {
        LOG.log(Level.ERROR, "request could not be made: type=" + request.type(), broken);
        return new Protocol(
                arena.file().node(),
                "internal error: type=" + request.type() + ", error="
                        + broken.getClass().getSimpleName(),
                "see the node's log");
    }

    private Recovering recovering(Full full) {
        return new Recovering(
                arena.file().node(),
                "nothing to give while recovering: largest=" + full.largest(),
                "try again when the sessions of before have said what they hold");
    }

    private Response single(Request request, Making making) {
        return switch (request) {
            case Request.Ping _ -> load.get();
            case Request.Stat _ -> state.get();
            case Request.Malloc malloc -> blocks.malloc(malloc, making);
            case Request.MallocTyped malloc -> blocks.malloc(malloc, making);
            case Request.Free free -> blocks.free(free, making);
            case Request.Realloc realloc -> blocks.realloc(realloc, making);
            case Request.UsableSize size -> blocks.usableSize(size);
            case Request.UnlinkAndFree unlink -> blocks.unlinkAndFree(unlink, making);
            case Request.Adopt adopt -> blocks.adopt(adopt, making);
            case Request.Declare declare -> blocks.declare(declare, making);
            case Request.Released released -> blocks.released(released, making);
            case Request.Export export -> blocks.export(export, making);
            case Request.Memcpy memcpy -> contents.memcpy(memcpy, making);
            case Request.Copy copy -> contents.copy(copy, making);
            case Request.Write write -> contents.write(write);
            case Request.Read read -> contents.read(read);
            case Request.GetLong get -> contents.getLong(get);
            case Request.PutPointer put -> contents.putPointer(put, making);
            case Request.CompareAndSet set -> contents.compareAndSet(set, making);
            case Request.GetAndAdd add -> contents.getAndAdd(add);
            case Request.GetAndSet set -> contents.getAndSet(set, making);
            case Request.RootGet get -> roots.get(get);
            case Request.RootPut put -> roots.put(put, making);
            case Request.RootRemove remove -> roots.remove(remove);
            case Request.RootNames names -> roots.names(names);
            case Request.SlotGet get -> roots.slotGet(get);
            case Request.SlotSet set -> roots.slotSet(set, making);
            case Request.Batch _, Request.Close _ ->
                throw new Protocol(arena.file().node(), "not for a batch: type=" + request.type(), "send it by itself");
        };
    }

    private Response batch(Request.Batch batch, Making making, boolean stopAtFailure) {
        if (Weight.answerBytes(batch) > FrameHeader.MAX_PAYLOAD) {
            throw new InvalidSize(
                    "answers do not fit into a frame: bytes=" + Weight.answerBytes(batch), "read less at a time");
        }
        List<Response> results = new ArrayList<>(batch.requests().size());
        boolean stopped = false;
        for (Request request : batch.requests()) {
            Response result = stopped ? new Response.Failed(notMade()) : make(request, making, false);
            stopped |= stopAtFailure && result instanceof Response.Failed;
            results.add(result);
        }
        return new Response.Results(results);
    }

    private Busy notMade() {
        return new Busy(arena.file().node(), "a request before this one failed", "look at the first that failed");
    }
}
