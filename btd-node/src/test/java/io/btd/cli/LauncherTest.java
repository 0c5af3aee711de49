// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.cli.LauncherFixture.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {

    @TempDir
    private Path folder;

    private LauncherFixture fixture;
    private Path jdk;

    @BeforeEach
    void makeCheckout() throws IOException {
        fixture = new LauncherFixture(folder);
        jdk = fixture.jdk(folder.resolve("jvm/good one"), "25.0.1");
    }

    @Test
    void buildsOnceAndThenOnlyRuns() throws Exception {
        Run first = fixture.run("stat", "--arena", "a b");
        assertThat(first.err()).contains("building core (1 of 2)", "built in ");
        assertThat(first.code()).isZero();
        assertThat(first.out())
                .contains("java <-Dbtd.root=" + fixture.root + ">", "java <io.btd.cli.Main>")
                .endsWith("java <stat>\njava <--arena>\njava <a b>\n");
        assertThat(fixture.mavenCalls())
                .hasSize(1)
                .first()
                .asString()
                .startsWith(jdk + "|C.UTF-8|")
                .contains(" package ");
        Run second = fixture.run("stat");
        assertThat(second.err()).isEmpty();
        assertThat(fixture.mavenCalls()).hasSize(1);
    }

    @Test
    void buildsAgainWhenASourceChangesAppearsOrGoes() throws Exception {
        fixture.run("build");
        Path source = fixture.source("A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plus(Duration.ofHours(1))));
        fixture.run("build");
        assertThat(fixture.mavenCalls()).hasSize(2);
        Files.writeString(fixture.source("B.java"), "class B {}");
        fixture.run("build");
        assertThat(fixture.mavenCalls()).hasSize(3);
        Path left = Files.writeString(fixture.root.resolve("core/target/classes/B.class"), "");
        Files.delete(fixture.source("B.java"));
        fixture.run("build");
        assertThat(fixture.mavenCalls()).hasSize(4);
        assertThat(left).doesNotExist();
        Files.createDirectories(fixture.root.resolve("core/src/test"));
        Files.writeString(fixture.root.resolve("core/src/test/T.java"), "class T {}");
        fixture.run("build");
        assertThat(fixture.mavenCalls()).hasSize(4);
    }

    @Test
    void aFailedBuildIsShownAndNeverTakenForGood() throws Exception {
        fixture.run("build");
        Files.writeString(fixture.source("A.java"), "class B {}");
        fixture.maven("echo '[ERROR] A.java is wrong'; echo '[ERROR] Re-run Maven using -X'; exit 1");
        Run failed = fixture.run("stat");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .contains("[ERROR] A.java is wrong", "The full log: " + fixture.root + "/.btd/build.log")
                .doesNotContain("Re-run");
        Files.writeString(fixture.source("A.java"), "class A {}");
        fixture.maven("");
        assertThat(fixture.run("build").code()).isZero();
        assertThat(fixture.mavenCalls()).hasSize(3);
    }

    @Test
    void worksThroughLinksAndFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), fixture.root.resolve("btd"));
        Path second = Files.createSymbolicLink(fixture.bin.resolve("b"), Path.of("../link"));
        Run run = fixture.run(Map.of(), Path.of("/"), second, "stat");
        assertThat(link).exists();
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("java <-Dbtd.root=" + fixture.root + ">");
    }

    @Test
    void saysWhatToInstallWithoutAJdk() throws Exception {
        Files.delete(jdk.resolve("bin/javac"));
        Run run = fixture.run("stat");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("no JDK of version 25 or newer", "jvm/old(17)", "apt-get install", "BTD_JAVA_HOME=");
        assertThat(fixture.mavenCalls()).isEmpty();
    }

    @Test
    void saysWhatToInstallWithoutMaven() throws Exception {
        Files.delete(fixture.bin.resolve("mvn"));
        Run run = fixture.run("stat");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("Maven is not installed", "apt-get install maven");
    }

    @Test
    void aNamedJdkIsUsedOrRefused() throws Exception {
        Path other = fixture.jdk(folder.resolve("elsewhere"), "26-ea");
        Path script = fixture.root.resolve("btd");
        assertThat(fixture.run(Map.of("BTD_JAVA_HOME", other.toString()), folder, script, "java-home")
                        .out())
                .isEqualTo(other + "\n");
        assertThat(fixture.run(Map.of("JAVA_HOME", other.toString()), folder, script, "java-home")
                        .out())
                .as("25 is preferred to newer ones")
                .isEqualTo(jdk + "\n");
        Run refused =
                fixture.run(Map.of("BTD_JAVA_HOME", folder.resolve("jvm/old").toString()), folder, script, "java-home");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("BTD_JAVA_HOME is not a JDK", "version=17");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoAtOnceOneBuildsAndTheOtherWaits(boolean withFlock) throws Exception {
        if (withFlock) {
            fixture.link("flock");
        }
        fixture.maven("until [ -e '" + folder + "/go' ]; do sleep 0.02; done");
        Path script = fixture.root.resolve("btd");
        Process first = fixture.start(Map.of(), folder, script, "build");
        await(() -> !fixture.mavenCalls().isEmpty());
        Process second = fixture.start(Map.of(), folder, script, "build");
        await(() -> fixture.printed("err", 0).contains("waiting for another build"));
        Files.writeString(folder.resolve("go"), "");
        assertThat(fixture.end(first, 1).code()).isZero();
        assertThat(fixture.end(second, 0).code()).isZero();
        assertThat(fixture.mavenCalls()).hasSize(1);
    }

    @Test
    void theLockOfADeadOwnerIsTakenOver() throws Exception {
        Process dead = fixture.start(Map.of(), folder, fixture.root.resolve("btd"), "java-home");
        fixture.end(dead, 0);
        Files.createDirectories(fixture.root.resolve(".btd"));
        Path lock = fixture.root.resolve(".btd/lock.owner");
        Files.createSymbolicLink(lock, Path.of(Long.toString(dead.pid())));
        assertThat(fixture.run("build").code()).isZero();
        assertThat(fixture.mavenCalls()).hasSize(1);
        assertThat(Files.isSymbolicLink(lock)).isFalse();
    }

    @Test
    void testPassesItsOptionsOnAndEndsWithSurefiresLines() throws Exception {
        fixture.maven("echo '[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 1'");
        Run run = fixture.run("test", "--deep", "--seed", "42", "SomeTest");
        assertThat(run.code()).isZero();
        assertThat(fixture.mavenCalls().getLast())
                .contains(" verify ", "-Dbtd.seed=42", "-Dbtd.deep=true", "-Dtest=SomeTest");
        assertThat(run.out())
                .contains(
                        "core\n[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 1\n",
                        "4 tests, 0 failed, 1 skipped")
                .contains("test: ok (seed 42");
    }

    @Test
    void testFailsWithTheSeedThatRepeatsIt() throws Exception {
        fixture.run("build");
        fixture.maven("echo '[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0'; exit 1");
        Run run = fixture.run("test", "--seed=7");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("4 tests, 1 failed, 0 skipped", "./btd test --seed 7");
        fixture.maven("");
        assertThat(fixture.run("test", "Absent").err()).contains("no test ran: name=Absent");
        assertThat(fixture.run("test", "--seed", "x").code()).isEqualTo(2);
        assertThat(fixture.run("test", "--module", "x").err()).contains("one of: benchmarks core");
        assertThat(fixture.run("test", "--fast").code()).isEqualTo(2);
    }

    @Test
    void cleanRemovesWhatWasBuilt() throws Exception {
        fixture.run("build");
        assertThat(fixture.run("clean").code()).isZero();
        assertThat(fixture.root.resolve("core/target")).doesNotExist();
        fixture.run("build");
        assertThat(fixture.mavenCalls()).hasSize(2);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.call()) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.onSpinWait();
        }
    }
}
