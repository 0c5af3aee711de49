// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.quickstart;

import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import io.btd.api.RecoveryReport;
import io.btd.cli.demo.IndexCensus;
import io.btd.cli.demo.IndexObserver;
import io.btd.cli.demo.IndexRun;
import io.btd.cli.demo.IndexSummary;
import io.btd.cli.demo.InvertedIndex;
import io.btd.cli.demo.RawPath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The story: malloc, memcpy, free; an index of real files, killed in the middle; recovery; the rest of the
/// index; searches. Each step checks what it claims and ends with [CheckFailed] where it does not hold.
final class Quickstart {
    private static final long CAPACITY = 256L << 20;
    private static final List<String> WORDS = List.of("memory", "license", "pointer");

    private final Screen screen;
    private final Workspace workspace;
    private final long seed;

    Quickstart(Screen screen, Workspace workspace, long seed) {
        this.screen = screen;
        this.workspace = workspace;
        this.seed = seed;
    }

    /// Tells it.
    void run() throws IOException, InterruptedException {
        screen.title("btd quickstart: memory that survives kill -9", "--seed " + seed);
        bartender();
        SampleFiles sample = SampleFiles.copyTo(workspace.files());
        List<RawPath> acknowledged = indexAndKill(sample);
        recoverAndFinish(acknowledged, sample);
    }

    private void bartender() {
        long begin = System.nanoTime();
        try (BtdCluster cluster = BtdCluster.embedded(workspace.arena(), CAPACITY)) {
            long opened = System.nanoTime();
            screen.step("An arena " + (workspace.isOnRamdisk() ? "on the ramdisk" : "in a file"), opened - begin);
            screen.note(workspace.arena() + ", " + Screen.bytes(CAPACITY));
            if (!workspace.isOnRamdisk()) {
                screen.note("(/dev/shm is not there or not writable: this is slower than it should be)");
            }
            screen.fact("survives", promise(cluster));
            begin = System.nanoTime();
            long p = cluster.malloc(100);
            cluster.memcpy(p, MemorySegment.ofArray("123".getBytes(StandardCharsets.US_ASCII)));
            byte[] read = new byte[3];
            cluster.read(p, MemorySegment.ofArray(read));
            cluster.free(p);
            long done = System.nanoTime();
            CheckFailed.unless(
                    new String(read, StandardCharsets.US_ASCII).equals("123"),
                    "read other bytes than were written: pointer=" + GlobalPointer.toString(p));
            screen.step("The bartender sample", done - begin);
            screen.code("p = cluster.malloc(100);", "p = " + GlobalPointer.toString(p));
            screen.code("cluster.memcpy(p, \"123\");", "persistent when it returns");
            screen.code("cluster.free(p);", "");
        }
    }

    private static String promise(BtdCluster cluster) {
        return switch (cluster.stat().arenas().getFirst().domain()) {
            case PROCESS -> "the death of processes (domain: process)";
            case PAGE -> "loss of power, as far as the disk keeps its word (domain: page)";
            case CACHE_LINE -> "loss of power (domain: cache-line)";
            case EADR -> "loss of power (domain: eadr)";
        };
    }

    private List<RawPath> indexAndKill(SampleFiles sample) throws IOException, InterruptedException {
        int files = sample.files();
        CheckFailed.unless(files >= 20, "not enough files to index: files=" + files + "; run it in a checkout");
        int victim = files / 10 + new Random(seed).nextInt(files * 6 / 10) + 1;
        long begin = System.nanoTime();
        try (IndexingChild child = IndexingChild.start(workspace.arena(), sample.folder(), workspace.errors())) {
            workspace.own(child.process());
            while (child.acknowledged().size() < victim) {
                if (!child.awaitAcknowledgement()) {
                    throw new CheckFailed("the child ended by itself: exit=" + child.await() + ", acknowledged="
                            + child.acknowledged().size() + ", said=" + complaint());
                }
            }
            int exit = child.kill();
            long done = System.nanoTime();
            screen.step("A full-text index of real files, in a process of its own", done - begin);
            screen.fact(
                    "files", Screen.count(files) + " (" + Screen.bytes(sample.bytes()) + "): " + sample.description());
            screen.fact("killed", "SIGKILL, as soon as it had acknowledged file " + victim);
            screen.fact("acknowledged", Screen.count(child.acknowledged().size()) + " files before it was gone");
            CheckFailed.unless(exit == 137, "the child was not killed: exit=" + exit + ", said=" + complaint());
            return child.acknowledged();
        }
    }

    private String complaint() throws IOException {
        return Files.exists(workspace.errors())
                ? Files.readString(workspace.errors()).strip()
                : "nothing";
    }

    private void recoverAndFinish(List<RawPath> acknowledged, SampleFiles sample) throws IOException {
        long begin = System.nanoTime();
        try (BtdCluster cluster = BtdCluster.embedded(workspace.arena(), CAPACITY)) {
            long opened = System.nanoTime();
            RecoveryReport report = cluster.recovery();
            screen.step("Recovery", opened - begin);
            screen.fact(
                    "saved",
                    Screen.count(report.survivingBlocks()) + " blocks, " + Screen.bytes(report.survivingBytes()));
            screen.fact(
                    "reclaimed",
                    Screen.count(report.reclaimedBlocks()) + " blocks, " + Screen.bytes(report.reclaimedBytes())
                            + ", that nothing led to yet");
            screen.fact(
                    "time",
                    "replay " + Screen.time(report.replayTime().toNanos()) + ", mark "
                            + Screen.time(report.markTime().toNanos()) + ", rebuild "
                            + Screen.time(report.sweepTime().toNanos()));
            CheckFailed.unless(!report.clean(), "the arena was closed cleanly: it was not killed in the middle");
            InvertedIndex index = InvertedIndex.openOrCreate(
                    cluster, RawPath.of(sample.folder().toRealPath()));
            for (RawPath path : acknowledged) {
                CheckFailed.unless(index.contains(path), "acknowledged file lost: path=" + path);
            }
            screen.held("all " + Screen.count(acknowledged.size()) + " acknowledged files are there");
            index.census();
            screen.held("the index holds together");
            finish(cluster, index, sample);
            search(index, sample);
        }
    }

    private void finish(BtdCluster cluster, InvertedIndex index, SampleFiles sample) throws IOException {
        long begin = System.nanoTime();
        IndexSummary summary = new IndexRun(index, sample.folder(), IndexObserver.NONE).run();
        screen.step("The rest of the index", System.nanoTime() - begin);
        screen.fact(
                "indexed",
                Screen.count(summary.indexed()) + " files; " + Screen.count(summary.unchanged())
                        + " were there already");
        IndexCensus census = index.census();
        screen.fact(
                "made of",
                Screen.count(census.blocks()) + " linked blocks: " + Screen.count(census.terms()) + " words, "
                        + Screen.count(census.postings()) + " postings");
        CheckFailed.unless(
                census.documents() == sample.files(),
                "not every file is indexed: files=" + sample.files() + ", indexed=" + census.documents());
        long live = cluster.stat().liveBlocks();
        int names = cluster.roots().names().size(); // each is a block of its own
        CheckFailed.unless(
                live == census.blocks() + names,
                "blocks leaked: live=" + live + ", index=" + census.blocks() + ", names=" + names);
        screen.held("the arena holds these, the name that leads to them, and nothing else");
    }

    private void search(InvertedIndex index, SampleFiles sample) throws IOException {
        long begin = System.nanoTime();
        record Answer(String word, int hits, long nanos, long scanNanos) {}
        List<Answer> answers = new ArrayList<>();
        for (String word : WORDS) {
            long asked = System.nanoTime();
            List<RawPath> hits = index.search(word);
            long answered = System.nanoTime();
            List<RawPath> expected = DirectScan.search(sample.folder(), word);
            answers.add(new Answer(word, hits.size(), answered - asked, System.nanoTime() - answered));
            CheckFailed.unless(
                    hits.equals(expected),
                    "search differs from the files: word=" + word + ", index=" + hits.size() + ", files="
                            + expected.size());
        }
        screen.step("Searches, compared with reading every file", System.nanoTime() - begin);
        for (Answer answer : answers) {
            screen.held("%-9s %4d files in %-8s reading them all: the same, in %s"
                    .formatted(
                            answer.word() + ":",
                            answer.hits(),
                            Screen.time(answer.nanos()) + ";",
                            Screen.time(answer.scanNanos())));
        }
    }
}
