// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// The Java of one page, as one method of one class: on the same lines as in the page, so that a compiler's
/// complaint names the right one.
final class JavaBlocks {
    private static final String HEAD = "import io.btd.api.*; import java.lang.foreign.*; import java.nio.file.*; "
            + "import java.util.*; import static java.nio.charset.StandardCharsets.US_ASCII; "
            + "final class Samples { public static void main(String[] arguments) throws Exception {";
    private static final Pattern PRINTS = Pattern.compile("System\\.out\\.println\\(.*\\); // (.*)");

    private final Page page;
    private final Path folder;

    JavaBlocks(Page page, Path folder) {
        this.page = page;
        this.folder = folder;
    }

    /// Compiles and runs them, and compares what they print with what their comments say.
    void check() throws IOException, InterruptedException {
        List<String> source = new ArrayList<>(Collections.nCopies(page.lines().size(), ""));
        List<String> prints = new ArrayList<>();
        for (Page.Block block : page.blocks("java")) {
            for (int i = 0; i < block.lines().size(); i++) {
                String line = block.lines().get(i);
                Matcher printed = PRINTS.matcher(line);
                if (printed.find()) {
                    prints.addAll(
                            printed.group(1).startsWith("[")
                                    ? List.of(printed.group(1))
                                    : Arrays.asList(printed.group(1).split(", (?=[0-9A-Z_]+(,|$))")));
                }
                source.set(block.first() - 1 + i, line.replace("\"/dev/shm/", "\"" + folder + "/"));
            }
        }
        source.set(0, HEAD);
        source.set(source.size() - 1, source.getLast() + "}}");
        Path file = Files.write(folder.resolve("Samples.java"), source);
        compile(file);

        List<String> command = new ArrayList<>(ChildJvm.java());
        command.addAll(List.of("-cp", folder + ":" + ChildJvm.classPath(), "Samples"));
        ChildJvm.Result result = ChildJvm.run(folder, command);
        assertThat(result.code()).as("%s: %s", page, result.output()).isZero();
        List<String> actual = result.output().lines().toList();
        assertThat(new Expected().matches(prints, actual))
                .as("%s: printed %s, says %s", page, actual, prints)
                .isTrue();
    }

    private void compile(Path file) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-cp", ChildJvm.classPath(), "-d", folder.toString(), "-proc:none"),
                            null,
                            files.getJavaFileObjects(file))
                    .call();
            assertThat(done).as("%s: %s", page, said).isTrue();
        }
    }
}
