import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The two clients of HTTP that the JDK has.
 *
 * usage: HttpClients HttpURLConnection|HttpClient URL USER PASSWORD COUNT THREADS
 */
public class HttpClients {
    private static Authenticator authenticator(String user, String password) {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, password.toCharArray());
            }
        };
    }

    private static String connect(URI uri) throws Exception {
        HttpURLConnection connection =
            (HttpURLConnection) uri.toURL().openConnection();
        if (connection.getResponseCode() != 200)
            throw new Exception("refused: " + connection.getResponseCode());
        return new String(connection.getInputStream().readAllBytes());
    }

    private static String send(HttpClient client, URI uri) throws Exception {
        HttpResponse<String> reply =
            client.send(HttpRequest.newBuilder(uri).build(),
                        HttpResponse.BodyHandlers.ofString());
        if (reply.statusCode() != 200)
            throw new Exception("refused: " + reply.statusCode());
        return reply.body();
    }

    public static void main(String[] arguments) throws Exception {
        URI uri = URI.create(arguments[1]);
        Authenticator authenticator =
            authenticator(arguments[2], arguments[3]);
        HttpClient client =
            HttpClient.newBuilder().authenticator(authenticator).build();
        boolean isNew = arguments[0].equals("HttpClient");
        int count = Integer.parseInt(arguments[4]);
        int threads = Integer.parseInt(arguments[5]);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        List<Callable<String>> requests = new ArrayList<>();

        Authenticator.setDefault(authenticator);
        for (int i = 0; i < count * threads; i++)
            requests.add(() -> isNew ? send(client, uri) : connect(uri));
        List<Future<String>> replies = workers.invokeAll(requests);
        workers.shutdown();
        for (Future<String> reply : replies)
            System.out.print(reply.get());
    }
}
