// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is handed to a guest, and the scripts that read it.
class GuestFolderTest {
    private static final Path SCRIPTS = Path.of(System.getProperty("btd.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("emulator/vm");

    @TempDir
    private Path folder;

    private static String sh(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    static Stream<Path> scripts() {
        return Stream.of("build", "compile-tests", "guest", "initramfs", "tests")
                .map(SCRIPTS::resolve);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void scriptsAreScripts(Path script) throws Exception {
        assertThat(sh("sh", "-n", script.toString())).isEmpty();
        assertThat(Files.readAllLines(script).get(1)).isEqualTo("# SPDX-License-Identifier: Apache-2.0");
    }

    @Test
    void whatIsWrittenIsWhatTheGuestReads() throws Exception {
        Path project = Path.of("/it's a $HOME");
        GuestImage image = new GuestImage(SCRIPTS, folder.resolve("image"));
        GuestFolder.write(
                folder, image, 2, 2, List.of(new Share("share0", project)), project, Optional.of("echo \"$a\""));
        Path share = folder.resolve("share");
        assertThat(sh("sh", "-c", ". '" + share + "/settings'; echo \"$guest $guests $project\""))
                .isEqualTo("2 2 /it's a $HOME\n");
        assertThat(share.resolve("shares")).hasContent("share0 /it's a $HOME");
        assertThat(share.resolve("command")).hasContent("echo \"$a\"");
        assertThat(share.resolve("guest")).hasSameTextualContentAs(SCRIPTS.resolve("guest"));
    }

    @Test
    void settingsAreQuoted() {
        assertThat(GuestFolder.text(Map.of("a", "b'c"))).isEqualTo("a='b'\\''c'\n");
    }

    @Test
    void anImageIsNamedAfterItsScripts() throws IOException {
        for (String script : List.of("build", "initramfs", "modules", "packages")) {
            Files.copy(SCRIPTS.resolve(script), folder.resolve(script));
        }
        GuestImage image = GuestImage.of(folder, Path.of("/cache"));
        assertThat(image)
                .isEqualTo(new GuestImage(
                        folder, GuestImage.of(SCRIPTS, Path.of("/cache")).folder()));
        assertThat(image.isBuilt()).isFalse();
        Files.writeString(folder.resolve("modules"), "more\n");
        assertThat(GuestImage.of(folder, Path.of("/cache")).folder()).isNotEqualTo(image.folder());
    }

    @Test
    void outerSharesComeBeforeThoseInsideThem() throws IOException {
        Path project = Files.createDirectories(folder.resolve("home/project"));
        Path maven = Files.createDirectories(project.resolve("cache/maven"));
        Path settings = Files.createDirectories(folder.resolve("etc/jdk"));
        Path jdk = folder.resolve("home/x/jdk");
        Files.createSymbolicLink(Files.createDirectories(jdk.resolve("conf")).resolve("security"), settings);
        List<Share> shares = Share.of(project, jdk, maven);
        assertThat(shares).extracting(Share::path).containsExactlyInAnyOrder(project, maven, settings, jdk);
        assertThat(shares).extracting(Share::path).containsSubsequence(project, maven);
        assertThat(shares).extracting(Share::tag).doesNotHaveDuplicates();
        assertThat(Share.of(project, jdk, folder.resolve("absent"))).hasSize(3);
    }

    @Test
    void namesOfTestsArePatterns() {
        TestClasses classes = new TestClasses(
                List.of(Path.of("/a/test-classes")), new LinkedHashSet<>(List.of("/a/test-classes", "/b.jar")));
        String command = classes.command("*DeviceTest,Verbs*");
        assertThat(command).startsWith("sh emulator/vm/tests '/a/test-classes:/b.jar' '/a/test-classes' '");
        String pattern = command.replaceFirst(".* '([^']+)'$", "$1");
        assertThat("io.btd.x.DataDeviceTest").matches(pattern);
        assertThat("io.btd.x.VerbsRdmaTest").matches(pattern);
        assertThat("io.btd.verbs.RdmaTest").doesNotMatch(pattern);
    }
}
