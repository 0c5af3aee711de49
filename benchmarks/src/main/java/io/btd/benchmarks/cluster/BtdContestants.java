// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.benchmarks.load.BlockingSubject;
import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Contestant;
import io.btd.benchmarks.load.Link;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Shape;
import io.btd.benchmarks.load.Subject;
import io.btd.benchmarks.load.WindowSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// btd's half of the list of what is measured.
final class BtdContestants {
    private static final List<Operation> OPERATIONS =
            List.of(Operation.READ, Operation.MEMCPY, Operation.PAIR, Operation.CAS);
    private static final List<Shape> SHAPES = List.of(
            Shape.ALONE,
            Shape.connections(PeerContestants.CONNECTIONS),
            Shape.threads(PeerContestants.CONNECTIONS),
            Shape.window(PeerContestants.DEPTH),
            Shape.batch(PeerContestants.DEPTH));

    private BtdContestants() {}

    /// Every operation over every link in every shape.
    static List<Contestant> of(BtdClients clients, LongSupplier serverCpu) {
        List<Contestant> all = new ArrayList<>();
        for (Operation operation : OPERATIONS) {
            for (Link link : Link.values()) {
                for (Shape shape : SHAPES) {
                    Case what = new Case(Case.BTD, operation, operation.title(), link, shape);
                    all.add(new Contestant(subject(what, clients), serverCpu));
                }
            }
        }
        return all;
    }

    private static Subject subject(Case what, BtdClients clients) {
        Operation operation = what.operation();
        Link link = what.link();
        Shape shape = what.shape();
        if (shape.sliding()) {
            return new WindowSubject(what, () -> new BtdStarter(operation, clients.get(link, 0), shape.depth()));
        }
        if (shape.depth() > 1) {
            return new BlockingSubject(what, _ -> new BtdBatchCaller(operation, clients.get(link, 0), shape.depth()));
        }
        return new BlockingSubject(
                what, thread -> new BtdCaller(operation, clients.get(link, thread % shape.connections())));
    }
}
