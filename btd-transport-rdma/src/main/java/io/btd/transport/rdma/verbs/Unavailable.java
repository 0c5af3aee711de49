// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidConfig;
import java.util.List;

/// Why RDMA cannot be used here, in words an administrator can act on.
final class Unavailable {
    /// What every message about the version names.
    private static final String VERSION = "rdma-core 44 or newer is needed";

    private Unavailable() {}

    static BtdException libraryMissing(String library, String debianPackage) {
        return new InvalidConfig(
                "an RDMA library is missing: library=" + library,
                "install it (Debian, Ubuntu: apt-get install " + debianPackage
                        + " ibverbs-providers), or set transport=tcp");
    }

    static BtdException functionMissing(String library, String function, String debianPackage) {
        return new InvalidConfig(
                "an RDMA library is too old: library=" + library + ", missing=" + function,
                VERSION + " (Debian, Ubuntu: package " + debianPackage + ")");
    }

    static BtdException platform(String system, String machine) {
        return new InvalidConfig(
                "RDMA cannot be used on this machine: os=" + system + ", arch=" + machine,
                "it needs Linux on x86-64 (amd64); set transport=tcp");
    }

    static BtdException noDevice(String call) {
        return new InvalidConfig(
                "there is no RDMA device: call=" + call,
                "load the driver of the adapter and rdma_cm (modprobe rdma_ucm), or make a soft-RoCE device of an"
                        + " Ethernet one: rdma link add rxe0 type rxe netdev eth0");
    }

    static BtdException noDevice(String call, VerbsException reason) {
        BtdException unavailable = noDevice(call + ", errno=" + reason.errno());
        unavailable.initCause(reason);
        return unavailable;
    }

    static BtdException noSuchDevice(String name, List<String> names) {
        return new InvalidConfig(
                "there is no such RDMA device: device=" + name, "take one of " + String.join(", ", names));
    }

    static BtdException lockedMemory(long bytes, long limit) {
        return new InvalidConfig(
                "memory could not be locked for RDMA: bytes=" + bytes + ", limit=" + limit,
                "raise the limit of locked memory: ulimit -l unlimited, or memlock in /etc/security/limits.conf"
                        + " (LimitMEMLOCK of a systemd service)");
    }

    static BtdException notRegistrable(long bytes) {
        return new InvalidConfig(
                "this memory cannot be registered for RDMA: bytes=" + bytes,
                "a file on a DAX file system cannot; use a DAX device (/dev/dax0.0) or tmpfs");
    }

    static BtdException wrongLayout(String structure, String field, long expected, long found) {
        return new InvalidConfig(
                "an RDMA library lays a structure out differently: structure=" + structure + ", field=" + field
                        + ", expected=" + expected + ", found=" + found,
                VERSION + ", on x86-64; set transport=tcp");
    }
}
