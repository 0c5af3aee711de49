// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The programs that the rig needs on this machine, and the Debian packages they come in.
record HostTools(List<Tool> tools) {
    /// To boot a guest.
    static final HostTools BOOT = new HostTools(List.of(new Tool("qemu-system-x86_64", "qemu-system-x86")));

    /// To build one.
    static final HostTools BUILD = new HostTools(List.of(
            new Tool("debootstrap", "debootstrap"),
            new Tool("cpio", "cpio"),
            new Tool("apt-get", "apt"),
            new Tool("unshare", "util-linux")));

    private static final List<Path> FOLDERS = Stream.of(
                    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
            .map(Path::of)
            .toList();

    /// A program and its package.
    record Tool(String program, String debianPackage) {}

    /// The packages whose programs are missing.
    List<String> missing(Predicate<String> isThere) {
        return tools.stream()
                .filter(tool -> !isThere.test(tool.program()))
                .map(Tool::debianPackage)
                .toList();
    }

    /// Whether a program is installed, for whoever looks where root does.
    static boolean isInstalled(String program) {
        return FOLDERS.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(program)));
    }

    /// Installs what is missing; without root it says what to install.
    void require(Progress progress) throws IOException, InterruptedException {
        List<String> packages = missing(HostTools::isInstalled);
        if (packages.isEmpty()) {
            return;
        }
        String command = installation(packages);
        if (!isRoot() || !isInstalled("apt-get")) {
            throw new InvalidConfig(
                    "the rig needs programs that are not installed: packages=" + String.join(",", packages),
                    "install them (Debian, Ubuntu: " + command + ")");
        }
        progress.say("installing: " + String.join(", ", packages));
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", "apt-get -qq update && DEBIAN_FRONTEND=noninteractive " + command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new InvalidConfig(
                    "packages cannot be installed: packages=" + String.join(",", packages) + ", apt-get="
                            + said.strip().lines().reduce("", (_, last) -> last),
                    "install them by hand: " + command);
        }
    }

    /// The command that installs packages.
    static String installation(List<String> packages) {
        return "apt-get -qq install -y --no-install-recommends " + String.join(" ", packages);
    }

    /// Whether this process may do everything.
    static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
