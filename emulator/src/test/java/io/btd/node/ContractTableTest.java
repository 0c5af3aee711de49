// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table of what ran where in `docs/guide/testing.md` says what the classes do.
class ContractTableTest {
    private static final Path PAGE = Path.of(System.getProperty("btd.root", ".."), "docs", "guide", "testing.md");
    private static final String HEAD = "| contract |";

    private static final List<Class<?>> CLUSTER = List.of(
            EmbeddedContractTest.class, TcpContractTest.class, UdsContractTest.class, RdmaSoftwareContractTest.class);
    private static final List<Class<?>> NODE = List.of(NodeTcpContractTest.class, NodeUdsContractTest.class);

    @Test
    void thePageSaysWhatRunsWhere() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        int head = lines.stream().map(line -> line.startsWith(HEAD)).toList().indexOf(true);
        assertThat(head).as("a table that begins with: " + HEAD).isNotNegative();
        List<String> shown = lines.subList(head, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(shown).as("write:%n%s", String.join("\n", table())).isEqualTo(table());
    }

    private static List<String> table() {
        List<String> rows = new ArrayList<>(
                List.of("| contract | embedded | tcp | uds | rdma/software |", "|---|---|---|---|---|"));
        rows.addAll(rows(CLUSTER, List.of(), List.of()));
        rows.addAll(rows(NODE, List.of(""), List.of("")));
        return rows;
    }

    private static List<String> rows(List<Class<?>> suites, List<String> before, List<String> after) {
        return contracts(suites)
                .map(contract -> Stream.of(
                                Stream.of("`" + contract.getSimpleName() + "`"),
                                before.stream(),
                                suites.stream().map(suite -> contract.isAssignableFrom(suite) ? tests(contract) : ""),
                                after.stream())
                        .flatMap(cells -> cells)
                        .map(cell -> cell.isEmpty() ? "" : cell + " ")
                        .collect(Collectors.joining("| ", "| ", "|")))
                .toList();
    }

    private static Stream<Class<?>> contracts(List<Class<?>> suites) {
        return suites.stream()
                .flatMap(suite -> Stream.<Class<?>>iterate(suite, one -> one != null, Class::getSuperclass))
                .flatMap(one -> Arrays.stream(one.getInterfaces()))
                .filter(one -> one.getSimpleName().endsWith("Contract"))
                .distinct()
                .sorted((a, b) -> a.getSimpleName().compareTo(b.getSimpleName()));
    }

    private static String tests(Class<?> contract) {
        long tests = Arrays.stream(contract.getDeclaredMethods())
                .filter(ContractTableTest::isTest)
                .count();
        return Long.toString(tests);
    }

    private static boolean isTest(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getSimpleName())
                .anyMatch(name -> name.equals("Test") || name.endsWith("Test") || name.equals("TestFactory"));
    }
}
