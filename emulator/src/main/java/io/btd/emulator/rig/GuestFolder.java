// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is written down for one guest before it boots; its scripts read it.
///
/// @param path what the guest sees as `/rig` is in `share` below
record GuestFolder(Path path) {

    /// Writes it.
    ///
    /// @param guests how many there are, 1 or 2
    /// @param command for `sh`; without one a shell is run on the terminal
    static GuestFolder write(
            Path path,
            GuestImage image,
            int number,
            int guests,
            List<Share> shares,
            Path project,
            Optional<String> command)
            throws IOException {
        Path share = Files.createDirectories(path.resolve("share"));
        Files.copy(image.scripts().resolve("guest"), share.resolve("guest"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(
                share.resolve("shares"),
                shares.stream().map(one -> one.tag() + " " + one.path() + "\n").collect(Collectors.joining()));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("guest", Integer.toString(number));
        settings.put("guests", Integer.toString(guests));
        settings.put("project", project.toString());
        settings.put("java_home", System.getProperty("java.home"));
        Files.writeString(share.resolve("settings"), text(settings));
        if (command.isPresent()) {
            Files.writeString(share.resolve("command"), command.get() + "\n");
        }
        return new GuestFolder(path);
    }

    /// As `sh` reads it.
    static String text(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + "='" + setting.getValue().replace("'", "'\\''") + "'\n")
                .collect(Collectors.joining());
    }
}
