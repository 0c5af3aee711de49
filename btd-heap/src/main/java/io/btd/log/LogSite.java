// SPDX-License-Identifier: Apache-2.0
package io.btd.log;

import io.btd.pmem.PersistSite;

/// Where logged and plain changes are persisted.
public enum LogSite implements PersistSite {
    /// A redo record with its payload.
    RECORD(401, "a change that began to be applied can be completed"),
    /// The changed range itself.
    APPLY(402, "a retired record's change is on the medium"),
    /// The end of a record.
    RETIRE(403, "an old record is not replayed over newer data"),
    /// A range written without a log.
    WRITE(404, "a persistent write is on the medium when it returns"),
    /// A word changed by one store.
    WORD(405, "a pointer or an atomic is on the medium when it returns"),
    /// A range changed by replay.
    REPLAY(406, "a replayed change is on the medium before its record is retired"),
    /// The end of a replayed record.
    REPLAY_RETIRE(407, "a replayed record is not replayed again over newer data");

    private final int number;
    private final String protects;

    LogSite(int number, String protects) {
        this.number = number;
        this.protects = protects;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String protects() {
        return protects;
    }
}
