// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The argument in [InvertedIndex] and [RetiredDocuments], step by step: a life of an index is killed before
/// each of its calls that change something, once and twice, and has to go on as if nothing had been.
class IndexStepsCrashTest {
    private static final RawPath DIRECTORY = RawPath.of("/files".getBytes(StandardCharsets.US_ASCII));

    /// What is in the directory at one time: path -> text, where the length stands for the time stamp.
    private static final List<Map<String, String>> LIFE = List.of(
            Map.of("a", "one two three", "b", "two three four", "c", "three four five"),
            Map.of("a", "one two three", "b", "changed four six", "c", "three four five", "d", "six"),
            Map.of("b", "changed four six", "d", "six seven again"),
            Map.of("b", "changed again and again", "e", "two"),
            Map.of());

    private final Map<String, String> acknowledged = new TreeMap<>();

    private static RawPath path(String name) {
        return RawPath.of(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static Set<String> words(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Tokens.in(bytes, bytes.length);
    }

    /// One run, as [IndexRun] does it, over files that are in a map.
    private void run(StrictCluster cluster, Map<String, String> files) {
        InvertedIndex index = InvertedIndex.openOrCreate(cluster, DIRECTORY);
        acknowledged.keySet().retainAll(files.keySet());
        index.retainAll(files.keySet().stream().map(IndexStepsCrashTest::path).collect(Collectors.toSet()));
        index.purge();
        new TreeMap<>(files).forEach((name, text) -> {
            if (!index.isCurrent(path(name), text.length(), text.hashCode())) {
                index.add(path(name), text.length(), text.hashCode(), words(text));
                acknowledged.put(name, text);
            }
        });
        index.purge();
    }

    private static void checkExact(StrictCluster cluster, Map<String, String> files) {
        InvertedIndex index = InvertedIndex.find(cluster).orElseThrow();
        for (String word : words("one two three four five six seven changed again and absent")) {
            List<String> expected = new TreeMap<>(files)
                    .entrySet().stream()
                            .filter(file -> words(file.getValue()).contains(word))
                            .map(Map.Entry::getKey)
                            .toList();
            assertThat(index.search(word).stream().map(RawPath::toString).toList())
                    .as(word)
                    .isEqualTo(expected);
        }
        IndexCensus census = index.census();
        assertThat(census.waiting()).isZero();
        assertThat(census.blocks()).as("nothing leaks").isEqualTo(cluster.blocks());
    }

    /// Between a kill and the next run: consistent, and every acknowledged file found under each of its words,
    /// in its acknowledged version or a newer one.
    private void checkAfterKill(StrictCluster cluster, Map<String, String> files) {
        InvertedIndex.find(cluster).ifPresent(index -> {
            IndexCensus census = index.census();
            assertThat(census.blocks()).as("recovery left nothing else").isEqualTo(cluster.blocks());
            assertThat(census.waiting()).isLessThan(8);
            acknowledged.forEach((name, text) -> {
                if (files.containsKey(name)) {
                    assertThat(index.contains(path(name))).as(name).isTrue();
                    assertThat(List.of(text, files.get(name)))
                            .as("one version or the other: %s", name)
                            .anyMatch(version -> words(version).stream()
                                    .allMatch(word -> index.search(word).contains(path(name))));
                }
            });
        });
    }

    private StrictCluster live(long firstCrash, long secondCrash) {
        StrictCluster cluster = new StrictCluster();
        acknowledged.clear();
        long[] crashes = {firstCrash, secondCrash};
        int next = 0;
        for (Map<String, String> files : LIFE) {
            while (true) {
                if (next < crashes.length) {
                    cluster.crashAfter(Math.max(0, crashes[next] - cluster.calls()));
                }
                try {
                    run(cluster, files);
                    break;
                } catch (StrictCluster.Crash killed) {
                    next++;
                    cluster.recover();
                    checkAfterKill(cluster, files);
                }
            }
            checkExact(cluster, files);
        }
        assertThat(cluster.blocks()).as("the head alone").isEqualTo(1);
        return cluster;
    }

    @Test
    void aKillBeforeAnyStepChangesNothing() {
        long steps = live(Long.MAX_VALUE, Long.MAX_VALUE).calls();
        assertThat(steps).isGreaterThan(150);
        for (long first = 0; first < steps; first++) {
            live(first, Long.MAX_VALUE);
        }
    }

    @Test
    void nothingDoesASecondKillSoonAfterTheFirst() {
        long steps = live(Long.MAX_VALUE, Long.MAX_VALUE).calls();
        for (long first = 0; first < steps; first++) {
            for (long second = first; second < first + 30; second++) {
                live(first, second);
            }
        }
    }

    @Test
    void aFullArenaEndsTypedAndGoesOnWhenFilesAreGone() {
        Map<String, String> files = Map.of("a", "changed two", "b", "two three", "c", "four five six seven");
        for (long room = 0; ; room += 16) {
            StrictCluster cluster = new StrictCluster();
            run(cluster, Map.of("a", "one two"));
            cluster.limit(room);
            try {
                run(cluster, files);
                assertThat(room).as("the limit was felt").isGreaterThan(500);
                return;
            } catch (BtdException.Full full) {
                InvertedIndex index = InvertedIndex.find(cluster).orElseThrow();
                assertThat(index.census().blocks()).as("nothing leaks").isEqualTo(cluster.blocks());
                assertThat(index.search("two")).contains(path("a"));
            }
            run(cluster, Map.of());
            checkExact(cluster, Map.of());
            assertThat(cluster.blocks()).isEqualTo(1);
        }
    }
}
