// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line of a guest: two processors, 2 GiB of memory, two NVDIMMs, a network card, 9p shares, ports.
///
/// @param number 1, or 2 for the second of two
/// @param folder holds `share`, which the guest sees as `/rig`, and takes `console` and `state`
/// @param network where the network card leads
/// @param terminal whether standard input and output are the guest's terminal, rather than its command's output
record QemuLine(
        Accelerator accelerator,
        GuestImage image,
        int number,
        Path folder,
        List<Share> shares,
        Network network,
        boolean terminal) {
    static final String PROGRAM = "qemu-system-x86_64";
    private static final String PROCESSORS = "2";
    private static final String MEMORY = "2G,slots=2,maxmem=4G";
    private static final String NVDIMM_BYTES = "256M";
    private static final int NVDIMMS = 2;

    /// Where a network card leads.
    sealed interface Network {
        /// Nowhere, but it has a carrier.
        record Alone() implements Network {}

        /// To the guest that connects to the socket.
        record Listen(Path socket) implements Network {}

        /// To the guest that listens on the socket.
        record Connect(Path socket) implements Network {}
    }

    /// A command line that only finds out whether an accelerator works: the guest says so and powers off.
    static List<String> trial(Accelerator accelerator, GuestImage image, Path console) {
        List<String> words = machine(accelerator, image, "rig.trial");
        words.addAll(List.of("-m", "256M", "-serial", "file:" + console));
        return words;
    }

    List<String> words() {
        List<String> words = machine(accelerator, image, "quiet");
        words.addAll(List.of("-smp", PROCESSORS, "-m", MEMORY));
        words.addAll(List.of("-serial", "file:" + escaped(folder.resolve("console"))));
        words.addAll(List.of("-device", "virtio-serial-pci", "-device", "virtio-rng-pci"));
        port(words, "state", folder.resolve("state"));
        if (terminal) {
            words.addAll(
                    List.of("-chardev", "stdio,id=terminal,signal=off", "-device", "virtconsole,chardev=terminal"));
        } else {
            port(words, "out", Path.of("/dev/stdout"));
            port(words, "err", Path.of("/dev/stderr"));
        }
        share(words, new Share("root", image.root()));
        share(words, new Share("rig", folder.resolve("share")));
        shares.forEach(share -> share(words, share));
        words.addAll(List.of("-netdev", netdev()));
        words.addAll(List.of("-device", "virtio-net-pci,netdev=net,romfile=,mac=52:54:00:77:00:0" + number));
        for (int i = 0; i < NVDIMMS; i++) {
            words.addAll(List.of("-object", "memory-backend-ram,id=memory" + i + ",size=" + NVDIMM_BYTES));
            words.addAll(List.of("-device", "nvdimm,memdev=memory" + i + ",id=nvdimm" + i));
        }
        return words;
    }

    private static List<String> machine(Accelerator accelerator, GuestImage image, String arguments) {
        List<String> words = new ArrayList<>(List.of(PROGRAM, "-nodefaults", "-no-user-config", "-no-reboot"));
        words.addAll(List.of("-display", "none", "-machine", "q35,nvdimm=on"));
        words.addAll(accelerator.words());
        words.addAll(List.of(
                "-kernel", image.kernel().toString(), "-initrd", image.initrd().toString()));
        words.addAll(List.of("-append", "console=ttyS0 panic=-1 " + arguments));
        return words;
    }

    private static void port(List<String> words, String name, Path path) {
        words.addAll(List.of("-chardev", "file,id=" + name + ",append=on,path=" + escaped(path)));
        words.addAll(List.of("-device", "virtserialport,chardev=" + name + ",name=" + name));
    }

    private static void share(List<String> words, Share share) {
        words.addAll(List.of(
                "-fsdev",
                "local,id=" + share.tag() + ",security_model=none,readonly=on,multidevs=remap,path="
                        + escaped(share.path())));
        words.addAll(List.of("-device", "virtio-9p-pci,fsdev=" + share.tag() + ",mount_tag=" + share.tag()));
    }

    private String netdev() {
        return switch (network) {
            case Network.Alone _ -> "user,id=net,restrict=on,ipv6=off";
            case Network.Listen(Path socket) -> "stream,id=net,server=on,addr.type=unix,addr.path=" + escaped(socket);
            case Network.Connect(Path socket) -> "stream,id=net,server=off,addr.type=unix,addr.path=" + escaped(socket);
        };
    }

    /// A comma ends a value, two are one.
    private static String escaped(Path path) {
        return path.toString().replace(",", ",,");
    }
}
