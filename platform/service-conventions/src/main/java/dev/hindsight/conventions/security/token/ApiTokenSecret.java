package dev.hindsight.conventions.security.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What a machine holds: {@code hst_}, 43 random characters (256 bits), and 6 characters of a checksum. The prefix lets
 * secret scanners find a leaked one; the checksum refuses what was mistyped or guessed without asking the database.
 */
public final class ApiTokenSecret {

    /** What every API token begins with. */
    public static final String PREFIX = "hst_";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM = 43;
    private static final int CHECKSUM = 6;
    private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM + CHECKSUM) + "}");
    private static final SecureRandom CHANCE = new SecureRandom();

    private final String text;

    private ApiTokenSecret(String text) {
        this.text = text;
    }

    /** A new one. */
    public static ApiTokenSecret generate() {
        StringBuilder random = new StringBuilder(PREFIX);
        CHANCE.ints(RANDOM, 0, DIGITS.length()).forEach(digit -> random.append(DIGITS.charAt(digit)));
        return new ApiTokenSecret(random + checksum(random.toString()));
    }

    /** Empty where it cannot be one. */
    public static Optional<ApiTokenSecret> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        int end = text.length() - CHECKSUM;
        return checksum(text.substring(0, end)).equals(text.substring(end))
                ? Optional.of(new ApiTokenSecret(text))
                : Optional.empty();
    }

    /** The secret itself: for the one answer that shows it, and for nothing else. */
    public String reveal() {
        return text;
    }

    /**
     * 64 lower-case hex digits. A plain digest is enough: nobody can guess 256 random bits, and who finds a token by its
     * digest learns from the time that it takes at most something about the digest.
     */
    public String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        char[] digits = new char[CHECKSUM];
        long rest = crc.getValue();
        for (int i = CHECKSUM - 1; i >= 0; i--) {
            digits[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
        return new String(digits);
    }
}
