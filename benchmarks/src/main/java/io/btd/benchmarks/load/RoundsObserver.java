// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

/// Is told how far a run is.
public interface RoundsObserver {

    /// A subject is next.
    ///
    /// @param phase `warm-up`, or which round it is
    /// @param done turns that are over, of `all`
    void turn(String phase, int done, int all, Case what);

    /// A subject was given up.
    void failed(Case what, String reason);
}
