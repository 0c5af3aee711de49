// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import io.btd.api.BlockView;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The walls of the house: which room may use which, and what happens in one room only. The modules' own
/// walls hold on a module path; these hold everywhere.
final class House {

    /// Every room and the rooms it may use beside itself. `..` means: and what lies inside.
    private static final Map<String, List<String>> ROOMS = rooms();

    /// Binds functions of the RDMA libraries, of which each has one class that calls it, and looks at their structures.
    private static final String RDMA_LIBRARIES = "io.btd.transport.rdma.verbs.NativeLibrary";

    /// The classes that may bind native code: one per library, or one for several that are called alike.
    private static final Set<String> NATIVE =
            Set.of("io.btd.pmem.Libc", "io.btd.pmem.FlushInstructions", RDMA_LIBRARIES);

    /// The classes that look at the bytes a caller hands over to be copied. They never get a segment of an arena:
    /// [#rawSegmentsAreForViews].
    private static final Set<String> CALLERS_BYTES = Set.of("io.btd.log.Copier");

    /// What may be done to a segment without looking into it.
    private static final Set<String> HARMLESS = Set.of("ofArray", "ofBuffer", "byteSize", "asSlice", "asReadOnly");

    private House() {}

    private static Map<String, List<String>> rooms() {
        Map<String, List<String>> rooms = new LinkedHashMap<>();
        List<String> below = new ArrayList<>();
        for (String room : List.of(
                "io.btd.api..",
                "io.btd.pmem..",
                "io.btd.pages..",
                "io.btd.heap..",
                "io.btd.log..",
                "io.btd.file..",
                "io.btd.gc..")) {
            rooms.put(room, List.copyOf(below));
            below.add(room);
        }
        rooms.put("io.btd.transport.tcp..", List.of("io.btd.api.."));
        rooms.put("io.btd.transport.rdma..", List.of("io.btd.api..", "io.btd.transport.tcp.."));
        rooms.put("io.btd.membership..", List.of("io.btd.api.."));
        rooms.put("io.btd.client..", List.of("io.btd.api..", "io.btd.membership.."));
        below.add("io.btd.membership..");
        below.add("io.btd.client..");
        rooms.put("io.btd.node.arena..", List.copyOf(below));
        rooms.put("io.btd.node.session..", List.of("io.btd.api..", "io.btd.heap.."));
        rooms.put("io.btd.node.serve..", with(below, "io.btd.node.arena..", "io.btd.node.session.."));
        rooms.put("io.btd.node", with(below, "io.btd.node.arena..", "io.btd.node.serve.."));
        below.add("io.btd.node..");
        rooms.put("io.btd.cli", with(below, "io.btd.cli.config"));
        rooms.put(
                "io.btd.cli.cluster..",
                List.of("io.btd.api..", "io.btd.membership..", "io.btd.node..", "io.btd.cli", "io.btd.cli.config"));
        rooms.put("io.btd.cli.config", List.of("io.btd.api.."));
        rooms.put("io.btd.cli.demo..", List.of("io.btd.api..", "io.btd.cli", "io.btd.cli.config"));
        rooms.put(
                "io.btd.cli.quickstart..",
                List.of("io.btd.api..", "io.btd.cli", "io.btd.cli.config", "io.btd.cli.demo.."));
        rooms.put("io.btd.emulator..", with(below, "io.btd.cli", "io.btd.cli.config", "io.btd.transport.rdma.."));
        return rooms;
    }

    private static List<String> with(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    /// One rule per room.
    static List<ArchRule> arrows() {
        return ROOMS.entrySet().stream()
                .map(room -> classes()
                        .that()
                        .resideInAPackage(room.getKey())
                        .should()
                        .onlyDependOnClassesThat(resideOutsideOfPackage("io.btd..")
                                .or(resideInAPackage(room.getKey()))
                                .or(resideInAnyPackage(room.getValue().toArray(String[]::new))))
                        .as(room.getKey() + " uses nothing of btd but itself and " + room.getValue())
                        .allowEmptyShould(true))
                .toList();
    }

    /// A new package is given its place above.
    static ArchRule everythingHasARoom() {
        return classes().should().resideInAnyPackage(ROOMS.keySet().toArray(String[]::new));
    }

    /// Outside `io.btd.pmem` the modules under the command pass segments on (a caller's bytes, a user's
    /// view), and never look into one.
    static ArchRule onlyTheGatewayTouchesSegments() {
        return noClasses()
                .that(resideInAnyPackage(
                                "io.btd.pages..",
                                "io.btd.log..",
                                "io.btd.heap..",
                                "io.btd.file..",
                                "io.btd.gc..",
                                "io.btd.node..")
                        .and(not(named(CALLERS_BYTES))))
                .should()
                .callMethodWhere(call(
                        "looks into memory",
                        call -> targets(call, MemorySegment.class) && !HARMLESS.contains(call.getName())
                                || targets(call, MemoryLayout.class)
                                        && call.getName().endsWith("arHandle")))
                .as("only io.btd.pmem loads from and stores to segments")
                .allowEmptyShould(true);
    }

    /// Memory that is not on the Java heap comes from one place, and what RDMA libraries have made from one other.
    static ArchRule onlyTheGatewayMaps() {
        return noClasses()
                .that(not(resideInAPackage("io.btd.pmem..")).and(not(named(Set.of(RDMA_LIBRARIES)))))
                .should()
                .callMethodWhere(call(
                        "maps memory",
                        call -> targets(call, MemorySegment.class)
                                        && Set.of("ofAddress", "reinterpret").contains(call.getName())
                                || targets(call, FileChannel.class)
                                        && call.getName().equals("map")))
                .as("only io.btd.pmem maps files, and it and the RDMA libraries' owner make segments of addresses");
    }

    /// The arena as a raw segment is for a user's view and for the explorer.
    static ArchRule rawSegmentsAreForViews() {
        return noClasses()
                .that(not(resideInAnyPackage("io.btd.pmem..", "io.btd.emulator.."))
                        .and(not(assignableTo(BlockView.class))))
                .should()
                .callMethodWhere(call(
                        "goes behind the gateway's back",
                        call -> call.getTargetOwner().getPackageName().startsWith("io.btd.pmem")
                                && call.getTarget().getRawReturnType().isEquivalentTo(MemorySegment.class)))
                .as("only views of blocks and the explorer get segments of an arena");
    }

    /// One class owns the native calls of one library.
    static ArchRule nativeCallsHaveOneOwner() {
        return noClasses()
                .that(not(named(NATIVE)))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class);
    }

    /// Nothing that a later Java may take away.
    static ArchRule noInternalsOfTheJdk() {
        return noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..");
    }

    /// The classes with these names, and what is nested in them.
    private static DescribedPredicate<JavaClass> named(Set<String> names) {
        return DescribedPredicate.describe(
                "are " + names, type -> names.contains(type.getName().replaceFirst("\\$.*", "")));
    }

    private static boolean targets(JavaMethodCall call, Class<?> type) {
        return call.getTargetOwner().isAssignableTo(type);
    }

    private static DescribedPredicate<JavaMethodCall> call(
            String description, java.util.function.Predicate<JavaMethodCall> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }
}
