// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Indexing while nodes die: calls fail before they had an effect, or after, and nobody says which.
class IndexRideOutTest {
    private static final int ONE_IN = 400;

    @TempDir
    private Path directory;

    private final Random random = new Random(Seeds.next());
    private final StrictCluster cluster = new StrictCluster();
    private int failures;

    @BeforeEach
    void createFiles() throws IOException, InterruptedException {
        SampleTree.create(directory, random);
    }

    /// The cluster, with calls that fail now and then.
    private BtdCluster shaky() {
        return (BtdCluster) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BtdCluster.class}, (_, method, arguments) -> {
                    // The last word of a file, after which it is indexed whatever becomes of the answer, fails often.
                    boolean last = method.getName().equals("putPointer") && arguments[1].equals(0L);
                    int fate = method.getName().equals("roots") ? 0 : random.nextInt(last ? 6 : 2 * ONE_IN);
                    if (fate == 1) {
                        failures++;
                        throw new BtdException.NodeDown(2, "node cannot be reached: node=2", "wait for it");
                    }
                    Object result;
                    try {
                        result = method.invoke(cluster, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (fate == 2) {
                        failures++;
                        throw new BtdException.OutcomeUnknown(2, "node restarted: node=2", "look what is there");
                    }
                    return result;
                });
    }

    @Test
    void whatIsIndexedMeanwhileIsWhatGrepFinds() throws Exception {
        InvertedIndex index = InvertedIndex.openOrCreate(cluster, RawPath.of(directory));
        assertThat(index.directory()).isEqualTo(RawPath.of(directory));
        InvertedIndex shaken = openShaky();
        AtomicInteger waited = new AtomicInteger();
        List<RawPath> acknowledged = new ArrayList<>();
        IndexSummary summary = new IndexRun(shaken, directory, new IndexObserver() {
                    @Override
                    public void waiting(BtdException why) {
                        waited.incrementAndGet();
                    }

                    @Override
                    public void indexed(RawPath path) {
                        acknowledged.add(path);
                    }
                })
                .run();
        assertThat(failures).isPositive();
        assertThat(waited.get()).isPositive();
        assertThat(acknowledged).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(index.paths());
        assertThat(summary.indexed()).isEqualTo(acknowledged.size());
        assertThat(summary.unchanged()).isZero();
        for (String word : List.of("heap", "of", "edge", "hidden", "sorted", "node", "lane", "root", "page", "last")) {
            assertThat(index.search(word)).as(word).isEqualTo(Grep.search(directory, word));
        }
        assertThat(index.census().waiting()).isZero();
    }

    /// Opening is not a step of the run, so it is tried until it works.
    private InvertedIndex openShaky() {
        BtdCluster shaky = shaky();
        while (true) {
            try {
                return InvertedIndex.find(shaky).orElseThrow();
            } catch (BtdException.NodeDown | BtdException.OutcomeUnknown again) {
                // so it is meant
            }
        }
    }
}
