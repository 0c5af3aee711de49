// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException.InvalidConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Why RDMA cannot be used, and what to do about it.
class UnavailableTest {
    /// A library that every Linux has, and that has none of the functions.
    private static final String OTHER = "libm.so.6";

    @Test
    void aMissingLibrary() {
        assertThatThrownBy(() -> LibIbverbs.load("libibverbs-absent.so.1"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessage("an RDMA library is missing: library=libibverbs-absent.so.1; install it (Debian, Ubuntu:"
                        + " apt-get install libibverbs1 ibverbs-providers), or set transport=tcp");
        assertThatThrownBy(() -> LibRdmacm.load("librdmacm-absent.so.1"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("apt-get install librdmacm1 ibverbs-providers");
    }

    @Test
    void aLibraryWithoutAFunction() {
        assertThatThrownBy(() -> LibIbverbs.load(OTHER))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("missing=ibv_")
                .hasMessageContaining("rdma-core 44");
        assertThatThrownBy(() -> LibRdmacm.load(OTHER))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("missing=rdma_")
                .hasMessageContaining("librdmacm1");
    }

    @Test
    void anotherMachine() {
        assertThatThrownBy(() -> Verbs.requirePlatform("Linux", "aarch64"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("arch=aarch64");
        assertThatThrownBy(() -> Verbs.requirePlatform("Mac OS X", "amd64")).isInstanceOf(InvalidConfig.class);
        Verbs.requirePlatform("Linux", "amd64");
    }

    @Test
    void theHintsNameWhatToDo() {
        assertThat(Unavailable.noDevice("x")).hasMessageContaining("rdma link add rxe0 type rxe netdev eth0");
        assertThat(Unavailable.lockedMemory(1 << 20, 65536))
                .hasMessageContaining("bytes=1048576, limit=65536")
                .hasMessageContaining("ulimit -l")
                .hasMessageContaining("/etc/security/limits.conf");
        assertThat(Unavailable.noSuchDevice("rxe9", List.of("rxe0", "mlx5_0")))
                .hasMessage("there is no such RDMA device: device=rxe9; take one of rxe0, mlx5_0");
        assertThat(Unavailable.notRegistrable(1)).hasMessageContaining("tmpfs");
    }

    @Test
    void aStructureThatIsOtherThanThought() {
        MemorySegment region = Arena.ofAuto().allocate(Structures.MR);
        Structures.handle(Structures.MR, "length").set(region, 0L, 4096L);
        StructureCheck check = new StructureCheck(Structures.MR, region).has("length", 4096);
        assertThatThrownBy(() -> check.has("length", 8192))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("structure=ibv_mr, field=length, expected=8192, found=4096");
        assertThatThrownBy(() -> check.within("length", 0, 4095)).isInstanceOf(InvalidConfig.class);
        assertThatThrownBy(() -> check.isNotNull("addr")).isInstanceOf(InvalidConfig.class);
    }

    @Test
    void theLimitOfLockedMemory() {
        String head = "Limit                     Soft Limit           Hard Limit           Units     ";
        String line = "Max locked memory         8388608              unlimited            bytes     ";
        assertThat(LockedMemory.limit(List.of(head, line))).hasValue(8388608);
        assertThat(LockedMemory.limit(List.of(head, line.replace("8388608", "unlimited"))))
                .isEmpty();
        assertThat(LockedMemory.limit(List.of(head))).isEmpty();
    }

    @Test
    void accessFlags() {
        assertThat(Access.flags(EnumSet.allOf(Access.class))).isEqualTo(15);
        assertThat(Access.of(15)).isEqualTo(EnumSet.allOf(Access.class));
        assertThat(Access.of(0)).isEmpty();
        assertThatThrownBy(() -> Access.of(16 + 1)).hasMessageContaining("flags=16");
        assertThat(Access.flags(EnumSet.of(Access.REMOTE_READ))).isEqualTo(4);
        assertThat(Access.flags(EnumSet.noneOf(Access.class))).isZero();
        assertThatThrownBy(() -> Access.flags(EnumSet.of(Access.REMOTE_WRITE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("add LOCAL_WRITE");
        assertThatThrownBy(() -> Access.flags(EnumSet.of(Access.REMOTE_ATOMIC)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
