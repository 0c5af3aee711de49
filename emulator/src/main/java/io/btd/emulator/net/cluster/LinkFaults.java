// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.emulator.net.fault.Fault;
import io.btd.emulator.net.proxy.Admission;
import io.btd.emulator.net.proxy.ByteProxy;
import io.btd.emulator.net.proxy.LinkFault;
import java.time.Duration;
import java.util.List;

/// Does to links what a plan says; the other faults are the cluster's own. Thread-safe.
record LinkFaults(Links links, List<Integer> nodes) {

    void inject(Fault fault) {
        switch (fault) {
            case Fault.CutOff cut ->
                on(cut.client(), cut.node(), proxy -> proxy.set(cut.direction(), LinkFault.BLACK_HOLE));
            case Fault.Rejoin rejoin -> on(rejoin.client(), rejoin.node(), proxy -> proxy.set(LinkFault.NONE));
            case Fault.Reset reset -> on(reset.client(), reset.node(), ByteProxy::resetAll);
            case Fault.Cut cut ->
                on(
                        cut.client(),
                        cut.node(),
                        proxy -> proxy.set(cut.direction(), new LinkFault.CutAfter(cut.bytes(), cut.reset())));
            case Fault.Flip flip ->
                on(
                        flip.client(),
                        flip.node(),
                        proxy -> proxy.set(flip.direction(), new LinkFault.FlipBit(flip.bytes(), flip.bit())));
            case Fault.Throttle throttle ->
                on(
                        throttle.client(),
                        throttle.node(),
                        proxy -> proxy.set(throttle.direction(), new LinkFault.Throttle(throttle.bytesPerSecond())));
            case Fault.Delay delay ->
                on(
                        delay.client(),
                        delay.node(),
                        proxy -> proxy.set(delay.direction(), new LinkFault.Delay(Duration.ofMillis(delay.millis()))));
            case Fault.ShutDoor shut ->
                onAll(shut.node(), proxy -> proxy.admit(shut.silent() ? Admission.SILENT : Admission.REFUSED));
            case Fault.OpenDoor open -> onAll(open.node(), proxy -> proxy.admit(Admission.OPEN));
            default -> throw new IllegalArgumentException("not a fault of a link: fault=" + fault);
        }
    }

    private void on(int client, int node, java.util.function.Consumer<ByteProxy> what) {
        links.on(client, nodes.get(node), what);
    }

    private void onAll(int node, java.util.function.Consumer<ByteProxy> what) {
        links.onAll(nodes.get(node), what);
    }
}
