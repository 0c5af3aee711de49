// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.Finding;
import io.btd.emulator.crash.Promise;
import io.btd.emulator.crash.Scene;
import io.btd.emulator.crash.Trace;
import io.btd.emulator.report.Account.Act;
import io.btd.emulator.report.Account.Event;
import io.btd.emulator.report.Account.Fate;
import io.btd.emulator.report.Account.Kind;
import io.btd.emulator.report.Account.Stage;
import io.btd.emulator.report.Account.Word;
import io.btd.pmem.Geometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Makes accounts of crashes from their scenes.
public final class Reconstruction {
    private final Geometry geometry;
    private final UnaryOperator<String> calls;
    private final PersistenceDomain domain;

    /// @param geometry of the arena
    /// @param calls from the title of a promise to the call it is about; an empty string where there is none
    /// @param domain whose losses were modelled
    public Reconstruction(Geometry geometry, UnaryOperator<String> calls, PersistenceDomain domain) {
        this.geometry = geometry;
        this.domain = domain;
        this.calls = calls;
    }

    /// The account of a violation.
    ///
    /// @param facts what the reader is to know beforehand
    public Account of(
            String title,
            List<Account.Fact> facts,
            List<String> promised,
            List<String> found,
            List<Finding.Crash> crashes) {
        List<Stage> stages = new ArrayList<>();
        UnaryOperator<String> shorten = UnaryOperator.identity();
        for (Finding.Crash crash : crashes) {
            Names names = new Names(geometry, stored(crash.scene()));
            shorten = stages.isEmpty() ? names::shorten : shorten;
            stages.add(stage(stages.isEmpty() ? "program" : "recovery", crash, names));
        }
        return new Account(
                title,
                facts,
                promised.stream().map(shorten).toList(),
                found.stream().map(shorten).toList(),
                domain,
                stages);
    }

    /// What the program sees at the moment of the crash.
    private static long[] stored(Scene scene) {
        long[] stored = scene.base().clone();
        Trace trace = scene.trace();
        for (int at = 0; at < scene.at(); at++) {
            if (trace.kind(at) == Trace.Kind.STORE || trace.kind(at) == Trace.Kind.ORDERED_STORE) {
                stored[trace.word(at)] = trace.value(at);
            }
        }
        return stored;
    }

    private Stage stage(String title, Finding.Crash crash, Names names) {
        return new Stage(
                title,
                crash.where(),
                acts(title, crash.scene(), names),
                words(crash.scene(), names),
                lines(crash.scene(), names));
    }

    private List<Act> acts(String title, Scene scene, Names names) {
        List<Act> acts = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        String act = title;
        for (int at = 0; at < scene.at(); at++) {
            Trace trace = scene.trace();
            if (trace.kind(at) == Trace.Kind.FOREIGN_LOAD) {
                continue;
            }
            if (trace.kind(at) != Trace.Kind.PROMISE) {
                at = event(trace, at, scene.at(), names, events);
                continue;
            }
            Promise promise = trace.promised(at);
            if (!events.isEmpty() || promise.acknowledges() && !act.isEmpty()) {
                acts.add(new Act(act, calls.apply(act), promise.acknowledges(), List.copyOf(events)));
                events.clear();
            }
            act = promise.acknowledges() ? "" : promise.title();
        }
        if (!events.isEmpty() || !act.isEmpty()) {
            acts.add(new Act(
                    act.isEmpty() ? "(between operations)" : act, calls.apply(act), false, List.copyOf(events)));
        }
        return List.copyOf(acts);
    }

    /// Adds the event at a position, together with stores of the same kind to the words behind; returns the last
    /// position.
    private static int event(Trace trace, int first, int end, Names names, List<Event> events) {
        if (trace.kind(first) == Trace.Kind.FENCE) {
            events.add(new Event(
                    Kind.FENCE,
                    trace.thread(first),
                    0,
                    0,
                    "",
                    "",
                    trace.site(first).name()));
            return first;
        }
        if (trace.kind(first) == Trace.Kind.WRITE_BACK) {
            long from = trace.firstLine(first) * 64L;
            long to = from + trace.lines(first) * 64L - 8;
            if (to >= from) {
                String name = names.at(from).place()
                        + " (%d line%s)".formatted(trace.lines(first), trace.lines(first) == 1 ? "" : "s");
                events.add(new Event(
                        Kind.WRITE_BACK,
                        trace.thread(first),
                        from,
                        to,
                        name,
                        "",
                        trace.site(first).name()));
            }
            return first;
        }
        int last = first;
        while (last + 1 < end
                && trace.kind(last + 1) == trace.kind(first)
                && trace.word(last + 1) == trace.word(last) + 1
                && trace.caller(last + 1).equals(trace.caller(first))
                && names.at(trace.word(last + 1) * 8L)
                        .place()
                        .equals(names.at(trace.word(first) * 8L).place())) {
            last++;
        }
        long from = trace.word(first) * 8L;
        events.add(new Event(
                trace.kind(first) == Trace.Kind.STORE ? Kind.STORE : Kind.ORDERED_STORE,
                trace.caller(first).thread(),
                from,
                trace.word(last) * 8L,
                names.range(from, trace.word(last) * 8L),
                first == last ? names.value(from, trace.value(first)) : "",
                trace.caller(first).method()));
        return last;
    }

    private static List<Account.Line> lines(Scene scene, Names names) {
        Map<Long, long[]> stored = new TreeMap<>();
        for (int at = 0; at < scene.at(); at++) {
            if (scene.trace().kind(at) == Trace.Kind.STORE || scene.trace().kind(at) == Trace.Kind.ORDERED_STORE) {
                long offset = scene.trace().word(at) * 8L;
                long[] ends = stored.computeIfAbsent(offset >>> 6, line -> new long[] {offset, offset});
                ends[0] = Math.min(ends[0], offset);
                ends[1] = Math.max(ends[1], offset);
            }
        }
        List<Account.Line> lines = new ArrayList<>();
        stored.forEach((line, ends) -> {
            List<String> words = new ArrayList<>();
            for (int word = 0; word < 8; word++) {
                words.add(names.at(line * 64 + word * 8L).toString());
            }
            String name = names.range(ends[0], ends[1]).replaceFirst(" \\(\\d+ words\\)$", "");
            lines.add(new Account.Line(line, name, words));
        });
        return List.copyOf(lines);
    }

    private static List<Word> words(Scene scene, Names names) {
        long[] stored = stored(scene);
        Map<Integer, Boolean> open = new TreeMap<>();
        scene.pending().forEach(pending -> open.merge(pending.word(), pending.writtenBack(), (a, last) -> last));
        List<Word> words = new ArrayList<>();
        open.forEach((word, writtenBack) -> {
            long offset = word * 8L;
            boolean lost = scene.image()[word] != stored[word];
            words.add(new Word(
                    offset,
                    names.at(offset),
                    lost ? Fate.LOST : Fate.ARRIVED,
                    writtenBack,
                    names.value(offset, scene.durable()[word]),
                    names.value(offset, stored[word]),
                    names.value(offset, scene.image()[word])));
        });
        return List.copyOf(words);
    }
}
