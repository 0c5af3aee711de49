// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import java.util.List;

/// How QEMU runs the guest's instructions.
enum Accelerator {
    /// By the processor; needs a `/dev/kvm` that works.
    KVM("kvm", "host"),
    /// By software: ten times as slow, on any machine. All instructions that QEMU knows, write-backs among them.
    EMULATION("tcg,thread=multi", "max");

    private final String name;
    private final String processor;

    Accelerator(String name, String processor) {
        this.name = name;
        this.processor = processor;
    }

    List<String> words() {
        return List.of("-accel", name, "-cpu", processor);
    }
}
