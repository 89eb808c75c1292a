/*
 * A server or a client of the JDK's SASL that exchanges the lines of
 * t/peers/sasl_peer.c over standard input and output.
 *
 * usage: java DigestPeer server|client NAME=VALUE... [next NAME=VALUE...]...
 *
 * After each "next" follow the settings that change for another authentication;
 * this saves starting the JDK again.  The names are those of sasl_peer where it
 * has them; "qop", "cipher" and "strength" are the JDK's properties, "user" is
 * the authzid.  Results are written to the file "result", a line for each
 * authentication.
 */
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.RealmChoiceCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;

public final class DigestPeer {
    private static final String MECHANISM = "DIGEST-MD5";
    private static final String BEGIN = "AUTH " + MECHANISM;
    private static final String DIGEST = "com.sun.security.sasl.digest.";
    private static final int PREFIX_SIZE = 4;

    private static BufferedReader in;
    private static PrintStream out, result;

    /* wrap or unwrap, which SaslClient and SaslServer both have. */
    private interface Direction {
        byte[] turn(byte[] data, int offset, int size) throws SaslException;
    }

    private final Map<String, String> settings;
    private String user, authid;
    private Direction sealing, opening;
    private Function<String, Object> property;

    private DigestPeer(Map<String, String> settings) {
        this.settings = settings;
    }

    private String setting(String name) {
        return settings.get(name);
    }

    /* The JDK itself makes "null" of no protocol. */
    private String service() {
        String name = setting("service");

        return name.equals("null") ? null : name;
    }

    /* Lines. */

    private static void write(String word, byte[] data) {
        String encoded = Base64.getEncoder().encodeToString(data);

        out.println(word + " " + (encoded.isEmpty() ? "=" : encoded));
        out.flush();
    }

    private static void write(String word) {
        out.println(word);
        out.flush();
    }

    private static byte[] argument(String line) {
        String encoded = line.substring(line.indexOf(' ') + 1);

        return encoded.equals("=") ? new byte[0]
                                   : Base64.getDecoder().decode(encoded);
    }

    /* Callbacks for the JDK. */

    private Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();

        settings.forEach((name, value) -> {
            switch (name) {
            case "qop" -> properties.put(Sasl.QOP, value);
            case "strength" -> properties.put(Sasl.STRENGTH, value);
            case "maxbuf" -> properties.put(Sasl.MAX_BUFFER, value);
            case "cipher" -> properties.put(DIGEST + "cipher", value);
            case "realm" -> properties.put(DIGEST + "realm", value);
            default -> { }
            }
        });
        return properties;
    }

    /* The server has the name from the client, and knows one user. */
    private void answer(Callback[] callbacks, boolean server)
            throws IOException {
        String name = server ? "" : setting("authname");

        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback names) {
                if (server)
                    name = names.getDefaultName();
                names.setName(name);
            } else if (callback instanceof PasswordCallback passwords) {
                if (name.equals(setting("authname")))
                    passwords.setPassword(setting("password").toCharArray());
            } else if (callback instanceof RealmCallback realms) {
                realms.setText(realms.getDefaultText());
            } else if (callback instanceof RealmChoiceCallback realms) {
                realms.setSelectedIndex(realms.getDefaultChoice());
            } else if (callback instanceof AuthorizeCallback names) {
                authid = names.getAuthenticationID();
                names.setAuthorized(
                    names.getAuthorizationID().equals(authid) ||
                    setting("proxy") != null);
            } else {
                throw new IOException("unexpected " + callback);
            }
        }
    }

    /* Results. */

    private static void fail(Exception failure) {
        Throwable cause = failure.getCause();

        result.println("failed " + failure.getMessage() +
                       (cause == null ? "" : ": " + cause.getMessage()));
    }

    private void succeed() {
        result.println("result user=" + user + " authid=" + authid +
                       " qop=" + property.apply(Sasl.QOP) +
                       " maxoutbuf=" + property.apply(Sasl.RAW_SEND_SIZE));
    }

    /* The layer: the JDK leaves the length in front to us. */

    private void send(byte[] data) throws IOException {
        String maximum = (String) property.apply(Sasl.RAW_SEND_SIZE);
        int partMax = Integer.parseInt(maximum);

        for (int used = 0; used < data.length; used += partMax) {
            byte[] token = sealing.turn(
                data, used, Math.min(partMax, data.length - used));

            write("D", ByteBuffer.allocate(PREFIX_SIZE + token.length)
                           .putInt(token.length).put(token).array());
        }
    }

    /* A line may have several packets. */
    private byte[] take(String line) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        ByteBuffer data = ByteBuffer.wrap(argument(line));

        while (data.hasRemaining()) {
            byte[] token = new byte[data.getInt()];

            data.get(token);
            message.writeBytes(opening.turn(token, 0, token.length));
        }
        return message.toByteArray();
    }

    /* Sends a message of this size and expects it back. */
    private void exchange(int size) throws IOException {
        byte[] data = new byte[size];
        ByteArrayOutputStream echo = new ByteArrayOutputStream();

        for (int i = 0; i < size; i++)
            data[i] = (byte) (i * 31 + size);
        send(data);
        while (echo.size() < size) {
            String line = in.readLine();

            if (line == null || !line.startsWith("D "))
                throw new IOException("no echo");
            echo.writeBytes(take(line));
        }
        if (!Arrays.equals(data, echo.toByteArray()))
            throw new IOException("echo differs");
    }

    /* The server. */

    private boolean serve() throws IOException {
        SaslServer server = Sasl.createSaslServer(
            MECHANISM, service(), setting("fqdn"), properties(),
            callbacks -> answer(callbacks, true));
        byte[] data = new byte[0];

        try {
            while (true) {
                String line;

                data = server.evaluateResponse(data);
                if (server.isComplete())
                    break;
                write("+", data);
                line = in.readLine();
                if (line == null || !line.startsWith("+ ")) {
                    result.println("cancelled");
                    return false;
                }
                data = argument(line);
            }
        } catch (SaslException failure) {
            fail(failure);
            write("NO");
            return false;
        }
        user = server.getAuthorizationID();
        sealing = server::wrap;
        opening = server::unwrap;
        property = server::getNegotiatedProperty;
        succeed();
        write("OK", data);
        return true;
    }

    /* Reads until the end of the input. */
    private static boolean serveAll(List<Map<String, String>> all)
            throws IOException {
        DigestPeer peer = null;
        boolean good = true;
        int count = 0;
        String line;

        while ((line = in.readLine()) != null) {
            if (line.equals(BEGIN)) {
                peer = new DigestPeer(all.get(Math.min(count++,
                                                       all.size() - 1)));
                good &= peer.serve();
            } else if (line.startsWith("D ")) {
                peer.send(peer.take(line));
            }
        }
        return good;
    }

    /* The client. */

    /* Answers until the server is content; true if both are. */
    private boolean talk() throws IOException {
        SaslClient client = Sasl.createSaslClient(
            new String[] { MECHANISM }, setting("user"), service(),
            setting("fqdn"), properties(),
            callbacks -> answer(callbacks, false));
        String line = "";

        write(BEGIN);
        try {
            while (!line.startsWith("OK")) {
                byte[] answer = null;

                line = in.readLine();
                if (line == null || line.equals("NO")) {
                    result.println("refused");
                    return false;
                }
                if (line.indexOf(' ') > 0)
                    answer = client.evaluateChallenge(argument(line));
                if (line.startsWith("+"))
                    write("+", answer == null ? new byte[0] : answer);
            }
            if (!client.isComplete())
                throw new SaslException("the server has not proved itself");
        } catch (SaslException failure) {
            fail(failure);
            write("*");
            return false;
        }
        authid = setting("authname");
        user = setting("user") == null ? authid : setting("user");
        sealing = client::wrap;
        opening = client::unwrap;
        property = client::getNegotiatedProperty;
        succeed();
        return true;
    }

    private static boolean talkAll(List<Map<String, String>> all)
            throws IOException {
        boolean good = true;
        int left = all.size();

        for (Map<String, String> settings : all) {
            DigestPeer peer = new DigestPeer(settings);
            String sizes = peer.setting("sizes");

            if (!peer.talk())
                good = false;
            else if (!sizes.isEmpty())
                for (String size : sizes.split(","))
                    peer.exchange(Integer.parseInt(size));
            write(--left > 0 ? "NEXT" : "QUIT");
        }
        return good;
    }

    /* The settings of each authentication. */
    private static List<Map<String, String>> read(String[] arguments) {
        List<Map<String, String>> all = new ArrayList<>();
        Map<String, String> settings = new HashMap<>(Map.of(
            "service", "test", "fqdn", "host.example.test", "sizes", ""));

        all.add(settings);
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);

            if (argument.equals("next")) {
                settings = new HashMap<>(settings);
                all.add(settings);
            } else {
                settings.put(parts[0], parts[1]);
            }
        }
        return all;
    }

    public static void main(String[] arguments) throws IOException {
        List<Map<String, String>> all = read(
            Arrays.copyOfRange(arguments, 1, arguments.length));
        boolean good;

        in = new BufferedReader(new InputStreamReader(
            System.in, StandardCharsets.US_ASCII));
        out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        result = new PrintStream(
            new FileOutputStream(all.get(0).get("result")), true,
            StandardCharsets.UTF_8);
        try {
            good = arguments[0].equals("server") ? serveAll(all)
                                                 : talkAll(all);
        } catch (IOException failure) {
            fail(failure);
            good = false;
        }
        result.close();
        System.exit(good ? 0 : 1);
    }
}
