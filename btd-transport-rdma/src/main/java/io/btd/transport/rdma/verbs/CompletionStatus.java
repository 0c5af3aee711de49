// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.util.List;

/// How a work request ended: `ibv_wc_status`, in its order. All but [#SUCCESS] put the queue pair into its error state.
public enum CompletionStatus {
    /// It was done.
    SUCCESS,
    /// A piece was too short for what came, or longer than a message may be.
    LOCAL_LENGTH,
    /// The queue pair cannot do that.
    LOCAL_QUEUE_PAIR,
    /// The end-to-end context cannot do that.
    LOCAL_CONTEXT,
    /// A piece is not in memory that its key allows.
    LOCAL_PROTECTION,
    /// The queue pair was in its error state before the request came to its turn.
    FLUSHED,
    /// A memory window could not be bound.
    WINDOW_BIND,
    /// The peer's answer made no sense.
    BAD_RESPONSE,
    /// What came with a key was not allowed here.
    LOCAL_ACCESS,
    /// The peer cannot do that.
    REMOTE_INVALID,
    /// The peer's memory does not allow that: wrong key, range or access.
    REMOTE_ACCESS,
    /// The peer failed.
    REMOTE_OPERATION,
    /// The peer did not answer, however often it was asked.
    RETRIES_EXCEEDED,
    /// The peer had nowhere to receive, however often it was asked.
    RECEIVER_NOT_READY,
    /// Reliable datagrams are not configured.
    LOCAL_DATAGRAM,
    /// The peer takes no such READ.
    REMOTE_INVALID_READ,
    /// The peer gave up.
    REMOTE_ABORTED,
    /// No such end-to-end context.
    INVALID_CONTEXT,
    /// The end-to-end context is in the wrong state.
    INVALID_CONTEXT_STATE,
    /// The device failed for good.
    FATAL,
    /// No answer in time.
    RESPONSE_TIMEOUT,
    /// Something else.
    GENERAL,
    /// Matching tags failed.
    TAG_MATCHING,
    /// A rendezvous is to be finished by software.
    RENDEZVOUS_INCOMPLETE,
    /// A number that was not known when this was written.
    UNKNOWN;

    private static final List<CompletionStatus> ALL = List.of(values());

    static CompletionStatus of(int number) {
        return number >= 0 && number < ALL.size() ? ALL.get(number) : UNKNOWN;
    }
}
