// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Arenas that somebody damaged: opening, checking and using one works or ends in a typed error. The time
/// limit is there to end a hang, not to measure.
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileImageTest {
    /// Where something is: damage elsewhere is not seen.
    private static long somewhere(byte[] image, SplittableRandom random) {
        while (true) {
            long at = random.nextInt(5) == 0
                    ? random.nextLong(HostileImage.GEOMETRY.fixedEnd())
                    : random.nextLong(512, image.length);
            int line = (int) at & -64;
            for (int i = line; i < line + 64; i++) {
                if (image[i] != 0 || random.nextInt(10_000) == 0) {
                    return at;
                }
            }
        }
    }

    private static void damage(byte[] image, SplittableRandom random) {
        for (int wounds = random.nextInt(1, 5); wounds > 0; wounds--) {
            int at = (int) somewhere(image, random);
            int line = at & -64;
            switch (random.nextInt(7)) {
                case 0, 1 -> image[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(image, line, line + 64, (byte) 0);
                case 3 -> {
                    byte[] noise = new byte[64];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, image, line, 64);
                }
                case 4 -> {
                    int other = (int) somewhere(image, random) & -64;
                    System.arraycopy(image, other, image, line, 64);
                }
                case 5 -> {
                    int page = at & -256;
                    Arrays.fill(image, page + random.nextInt(256), page + 256, (byte) 0);
                }
                default -> {
                    int other = (int) somewhere(image, random) & -8;
                    System.arraycopy(image, other, image, at & -8, 8);
                }
            }
        }
    }

    private static void hurtMany(boolean clean) {
        byte[] whole = HostileImage.make(clean);
        SplittableRandom seeds = Seed.roll();
        HostileImage.tryOut(whole, seeds.split());
        for (int i = 0; i < (Seed.deep() ? 300_000 : 3000); i++) {
            long seed = seeds.nextLong();
            SplittableRandom random = new SplittableRandom(seed);
            byte[] image = whole.clone();
            damage(image, random);
            try {
                HostileImage.tryOut(image, random);
            } catch (Throwable e) {
                throw new AssertionError("image of seed " + seed + " (clean=" + clean + ")", e);
            }
        }
    }

    @Test
    void aDamagedUncleanArenaOpensOrIsRefused() {
        hurtMany(false);
    }

    @Test
    void aDamagedCleanArenaOpensOrIsRefused() {
        hurtMany(true);
    }
}
