package org.transducer4j.bench.papers;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.transducer4j.bench.plan.Lengths;
import org.transducer4j.bench.plan.LengthsFile;

/**
 * Lengths of table (a).
 *
 * @param all in their order
 * @param source where they come from, in words
 */
record TableLengths(List<Lengths> all, String source) {
    static TableLengths of(PapersOptions options) {
        if (options.lengths() == null) {
            return new TableLengths(
                    LibriSpeechLengths.draw(options.seed()),
                    "drawn like LibriSpeech's with seed " + options.seed() + ", not the published table");
        }
        List<Lengths> all = LengthsFile.read(options.lengths());
        CRC32 sum = new CRC32();
        all.forEach(one -> sum.update((one.frames() + "," + one.labels() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return new TableLengths(
                all,
                String.format(
                        Locale.ROOT,
                        "%s (%,d utterances, CRC-32 %08x)",
                        options.lengths().getFileName(),
                        all.size(),
                        sum.getValue()));
    }
}
