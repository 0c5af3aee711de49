// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.report.Account;
import io.btd.emulator.report.HtmlReport;
import io.btd.emulator.report.JsonReport;
import io.btd.emulator.report.TextReport;
import java.io.StringReader;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/// What a violation looks like to whoever has to understand it.
class ReplayReportTest {
    private static final String COPY = "1/keep/small:4,put:0,copy:3";

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    private static Account account(@Nullable String planted, @Nullable String without, String token) {
        return account(PersistenceDomain.CACHE_LINE, planted, without, token);
    }

    private static Account account(
            PersistenceDomain domain, @Nullable String planted, @Nullable String without, String token) {
        Replay replay = Replay.parse(token, List.of(domain), planted, without);
        return replay.account(Objects.requireNonNull(replay.run()));
    }

    @Test
    void theTimelineNamesFieldsSitesAndTheCrash() {
        List<String> lines = TextReport.of(account(null, "401:fence", COPY));
        assertThat(lines)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100))
                .anyMatch(line -> line.matches("  store +lane 0 sequence\\.\\.checksum \\(5 words\\) +RedoLog\\.apply"))
                .anyMatch(line -> line.matches("  write-back +block @20000 \\(3 lines\\) +APPLY"))
                .anyMatch(line -> line.contains("*** CRASH before the fence at LogSite.APPLY ***"))
                .anyMatch(line -> line.matches("LOST +lane 0 sequence.* written back, but not fenced"))
                .anyMatch(line -> line.startsWith("promised  during copy:3"))
                .anyMatch(line -> line.startsWith("found     block @20000 +"))
                .contains("replay    btd explore --domain cache-line --without 401:fence --replay " + COPY);
    }

    @Test
    void onlyWhatMattersIsLost() {
        Account account = account("missing-fence", null, "1/keep/small:1,put:0,large:0,link:0");
        assertThat(account.stages().getLast().lost().stream()
                        .map(word -> word.offset() >>> 6)
                        .distinct())
                .as("lines")
                .hasSize(1);
    }

    @Test
    void aCrashOfTheRecoveryIsAStageOfItsOwn() {
        Account account = account(null, "406:fence", "7/keep/small:4,put:0,copy:3");
        assertThat(account.stages()).extracting(Account.Stage::title).containsExactly("program", "recovery");
        assertThat(TextReport.of(account)).anyMatch(line -> line.contains("RedoLog.replay"));
        assertThat(account.inShort()).startsWith("A second crash came");
    }

    @Test
    void whereNoStoreIsLostTheReportSaysSo() {
        String token = "1/keep/large:0,small:1,putnew:0,link:0,replace:0";
        Account account = account(PersistenceDomain.PROCESS, "bit-before-reference", null, token);
        assertThat(account.stages().getFirst().words()).isEmpty();
        assertThat(TextReport.of(account)).contains("Every store was durable: nothing was lost.");
        assertThat(HtmlReport.of(account)).doesNotContain("class='pending' x=");
    }

    @Test
    void jsonHasEveryEvent() {
        Account account = account(null, "401:fence", COPY);
        Config json = ConfigFactory.parseMap(JsonReport.of(account));
        Config stage = json.getConfigList("stages").getFirst();
        Config last = stage.getConfigList("operations").getLast();
        assertThat(last.getString("step")).isEqualTo("copy:3");
        assertThat(last.getConfigList("events"))
                .hasSize(account.stages().getFirst().acts().getLast().events().size());
        assertThat(stage.getConfigList("words"))
                .anyMatch(word -> word.getString("fate").equals("lost"));
    }

    @Test
    void thePageIsWellFormedAndNeedsNothingElse() throws Exception {
        String page = HtmlReport.of(account(null, "401:fence", COPY));
        assertThat(page).doesNotContain("<script", "src=", "href=", "url(", "@import");
        assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http");
        assertThat(page).contains("class='lost'", "lane 0 sequence", "CRASH");
        int from = page.indexOf("<svg");
        String svg = page.substring(from, page.indexOf("</svg>") + 6);
        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(document.getElementsByTagName("rect").getLength()).isGreaterThan(50);
    }

    @Test
    void whatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> Replay.parse("nonsense", List.of(PersistenceDomain.CACHE_LINE), null, null))
                .isInstanceOf(InvalidConfig.class);
        assertThatThrownBy(() -> Replay.parse(COPY, List.of(PersistenceDomain.CACHE_LINE), "no-such", null))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("torn-pair");
        assertThatThrownBy(() -> Replay.parse(COPY, List.of(PersistenceDomain.CACHE_LINE), null, "401"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("401:fence");
    }
}
