// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.emulator.rig.QemuLine.Network;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class QemuLineTest {
    private static final GuestImage IMAGE = new GuestImage(Path.of("/scripts"), Path.of("/cache/guest-1"));

    private static String line(Accelerator accelerator, int number, Network network, boolean terminal) {
        List<Share> shares = List.of(new Share("share0", Path.of("/a,b")));
        return String.join(
                " ", new QemuLine(accelerator, IMAGE, number, Path.of("/run/x"), shares, network, terminal).words());
    }

    @Test
    void aGuestThatIsAlone() {
        assertThat(line(Accelerator.EMULATION, 1, new Network.Alone(), false))
                .startsWith("qemu-system-x86_64 ")
                .contains("-accel tcg,thread=multi -cpu max")
                .contains("-kernel /cache/guest-1/vmlinuz -initrd /cache/guest-1/initrd")
                .contains("local,id=root,security_model=none,readonly=on,multidevs=remap,path=/cache/guest-1/root")
                .contains("mount_tag=rig", "path=/run/x/share ")
                .contains("file,id=state,append=on,path=/run/x/state")
                .contains("file,id=out,append=on,path=/dev/stdout -device virtserialport,chardev=out,name=out")
                .contains("-netdev user,id=net,restrict=on")
                .contains("-device nvdimm,memdev=memory0", "-device nvdimm,memdev=memory1");
    }

    @Test
    void everyShareIsReadOnly() {
        List<String> shares = List.of(
                        line(Accelerator.KVM, 1, new Network.Alone(), false).split(" "))
                .stream()
                .filter(word -> word.startsWith("local,"))
                .toList();
        assertThat(shares).hasSize(3).allMatch(share -> share.contains("readonly=on"));
    }

    @Test
    void aCommaOfAPathIsDoubled() {
        assertThat(line(Accelerator.KVM, 1, new Network.Alone(), false)).contains("path=/a,,b ", "mount_tag=share0");
    }

    @Test
    void twoGuestsShareASocketAndDifferInTheirAddress() {
        Path socket = Path.of("/run/x/link");
        assertThat(line(Accelerator.KVM, 1, new Network.Listen(socket), false))
                .contains("stream,id=net,server=on,addr.type=unix,addr.path=/run/x/link", "mac=52:54:00:77:00:01");
        assertThat(line(Accelerator.KVM, 2, new Network.Connect(socket), false))
                .contains("stream,id=net,server=off,addr.type=unix,addr.path=/run/x/link", "mac=52:54:00:77:00:02");
    }

    @Test
    void aTerminalTakesThePlaceOfTheOutput() {
        assertThat(line(Accelerator.KVM, 1, new Network.Alone(), true))
                .contains("-chardev stdio,id=terminal,signal=off -device virtconsole,chardev=terminal")
                .doesNotContain("/dev/stdout");
    }

    @Test
    void aTrialIsABootOfNothing() {
        assertThat(String.join(" ", QemuLine.trial(Accelerator.KVM, IMAGE, Path.of("/run/x/trial"))))
                .contains("-accel kvm -cpu host", "rig.trial", "file:/run/x/trial")
                .doesNotContain("nvdimm,memdev", "virtio");
    }
}
