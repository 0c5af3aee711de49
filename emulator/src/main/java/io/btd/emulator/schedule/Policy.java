// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Which thread goes on. Threads are numbers; sets of threads are bit masks. The same answers every time a policy is
/// read from the same token, so that a token repeats a schedule. For one run; confined to the thread that has the turn.
///
/// ```text
/// random:8:5eed            at each point, one time in 8, any thread
/// pct:3:240:5eed           priorities; at 2 of 240 points the running thread becomes the last (depth 3)
/// at:1:57.0:80.1           begins with thread 1; at point 57 goes on with 0, at point 80 with 1
/// stop:1:57.0:80.0         begins with thread 1; at points 57 and 80 stops the thread that runs: the next one goes on
/// ```
public abstract sealed class Policy {

    /// One word that makes the same policy.
    public abstract String token();

    /// Who begins.
    abstract int first(int ready);

    /// Who goes on at a point: `current` may.
    abstract int next(int step, int current, int ready);

    /// Who goes on when `current` has ended or waits; `ready` are the others, at least one.
    int instead(int step, int current, int ready) {
        return following(current, ready);
    }

    /// As [#instead(int, int, int)], of a thread that waits and will be ready again.
    int whileWaiting(int step, int current, int ready) {
        return instead(step, current, ready);
    }

    static int following(int current, int ready) {
        int above = ready & -1 << current + 1;
        return Integer.numberOfTrailingZeros(above != 0 ? above : ready);
    }

    private static int any(int ready, SplittableRandom random) {
        int left = random.nextInt(Integer.bitCount(ready));
        int rest = ready;
        for (; left > 0; left--) {
            rest &= rest - 1;
        }
        return Integer.numberOfTrailingZeros(rest);
    }

    /// At each point any thread, one time in `every`.
    public static Policy random(int every, long seed) {
        return new Chance(every, seed);
    }

    /// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): finds a bug of
    /// depth `depth` with a probability that is known.
    ///
    /// @param length about how many points there are
    public static Policy pct(int depth, int length, long seed) {
        return new Priorities(depth, length, seed);
    }

    /// As written down.
    public static Policy exactly(int first, List<Outcome.Switch> switches) {
        return new Exactly(first, switches, false);
    }

    /// As written down, but that each switch names how many of the other threads are passed over.
    static Policy stopping(int first, List<Outcome.Switch> switches) {
        return new Exactly(first, switches, true);
    }

    /// Reads what [#token] writes.
    ///
    /// @throws IllegalArgumentException when it is none
    public static Policy parse(String token) {
        String[] parts = token.split(":", -1);
        return switch (parts[0]) {
            case "random" -> {
                require(parts.length == 3, token);
                yield random(Integer.parseUnsignedInt(parts[1]), Long.parseUnsignedLong(parts[2], 16));
            }
            case "pct" -> {
                require(parts.length == 4, token);
                yield pct(
                        Integer.parseUnsignedInt(parts[1]),
                        Integer.parseUnsignedInt(parts[2]),
                        Long.parseUnsignedLong(parts[3], 16));
            }
            case "at", "stop" -> {
                require(parts.length >= 2, token);
                List<Outcome.Switch> switches = new ArrayList<>();
                for (String part : Arrays.asList(parts).subList(2, parts.length)) {
                    String[] numbers = part.split("\\.", -1);
                    require(numbers.length == 2, token);
                    switches.add(new Outcome.Switch(
                            Integer.parseUnsignedInt(numbers[0]), Integer.parseUnsignedInt(numbers[1]), ""));
                }
                yield new Exactly(Integer.parseUnsignedInt(parts[1]), switches, parts[0].equals("stop"));
            }
            default -> throw new IllegalArgumentException("not a schedule: token=" + token);
        };
    }

    private static void require(boolean sound, String token) {
        if (!sound) {
            throw new IllegalArgumentException("not a schedule: token=" + token);
        }
    }

    @Override
    public String toString() {
        return token();
    }

    private static final class Chance extends Policy {
        private final int every;
        private final long seed;
        private final SplittableRandom random;

        Chance(int every, long seed) {
            this.every = Math.max(1, every);
            this.seed = seed;
            random = new SplittableRandom(seed);
        }

        @Override
        public String token() {
            return "random:" + every + ":" + Long.toHexString(seed);
        }

        @Override
        int first(int ready) {
            return any(ready, random);
        }

        @Override
        int next(int step, int current, int ready) {
            return random.nextInt(every) == 0 ? any(ready, random) : current;
        }

        @Override
        int instead(int step, int current, int ready) {
            return any(ready, random);
        }
    }

    private static final class Priorities extends Policy {
        private static final int MOST = 32;
        private final int depth;
        private final int length;
        private final long seed;
        private final int[] priorities = new int[MOST];
        private final int[] changes;
        private int lowest = -1;

        Priorities(int depth, int length, long seed) {
            this.depth = Math.max(1, depth);
            this.length = Math.max(1, length);
            this.seed = seed;
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < MOST; i++) {
                priorities[i] = i;
            }
            for (int i = MOST - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                int priority = priorities[i];
                priorities[i] = priorities[other];
                priorities[other] = priority;
            }
            changes = random.ints(this.depth - 1L, 1, this.length + 1).toArray();
        }

        @Override
        public String token() {
            return "pct:" + depth + ":" + length + ":" + Long.toHexString(seed);
        }

        @Override
        int first(int ready) {
            return highest(ready);
        }

        @Override
        int next(int step, int current, int ready) {
            for (int change : changes) {
                if (change == step) {
                    priorities[current] = lowest--;
                }
            }
            return highest(ready);
        }

        @Override
        int instead(int step, int current, int ready) {
            return highest(ready);
        }

        @Override
        int whileWaiting(int step, int current, int ready) {
            priorities[current] = lowest--;
            return highest(ready);
        }

        private int highest(int ready) {
            int best = Integer.numberOfTrailingZeros(ready);
            for (int rest = ready; rest != 0; rest &= rest - 1) {
                int thread = Integer.numberOfTrailingZeros(rest);
                best = priorities[thread] > priorities[best] ? thread : best;
            }
            return best;
        }
    }

    private static final class Exactly extends Policy {
        private final int first;
        private final List<Outcome.Switch> switches;
        private final boolean relative;
        private int at;

        Exactly(int first, List<Outcome.Switch> switches, boolean relative) {
            this.first = first;
            this.relative = relative;
            this.switches = List.copyOf(switches);
        }

        @Override
        public String token() {
            return (relative ? "stop:" : "at:")
                    + first
                    + switches.stream()
                            .map(each -> ":" + each.step() + "." + each.to())
                            .collect(Collectors.joining());
        }

        @Override
        int first(int ready) {
            return (ready >>> first & 1) != 0 ? first : Integer.numberOfTrailingZeros(ready);
        }

        @Override
        int next(int step, int current, int ready) {
            return wanted(step, current, current, ready);
        }

        @Override
        int instead(int step, int current, int ready) {
            return wanted(step, following(current, ready), current, ready);
        }

        private int wanted(int step, int otherwise, int current, int ready) {
            while (at < switches.size() && switches.get(at).step() < step) {
                at++;
            }
            if (at == switches.size() || switches.get(at).step() != step) {
                return otherwise;
            }
            int to = switches.get(at++).to();
            if (relative) {
                int others = ready & ~(1 << current);
                int passed = current;
                for (int i = 0; i <= to && others != 0; i++) {
                    passed = following(passed, others);
                }
                return passed;
            }
            return to < Integer.SIZE && (ready >>> to & 1) != 0 ? to : otherwise;
        }
    }
}
