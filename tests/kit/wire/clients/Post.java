// Posts with the JDK's HttpClient. A line of the standard input: URL, kind of body, file, then headers; by tabs.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;

class Post {
    static HttpRequest.BodyPublisher body(String kind, Path file) throws Exception {
        String text = Files.readString(file);
        return kind.equals("stream")
            ? BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(text.getBytes()))
            : BodyPublishers.ofString(text);
    }

    public static void main(String[] none) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        Scanner lines = new Scanner(System.in).useDelimiter("\n");
        while (lines.hasNext()) {
            String[] words = lines.next().split("\t");
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(words[0]))
                .timeout(Duration.ofSeconds(10))
                .POST(body(words[1], Path.of(words[2])));
            for (int at = 3; at < words.length; at++) {
                String[] header = words[at].split(": ");
                request.header(header[0], header[1]);
            }
            try {
                var answer = client.send(request.build(), BodyHandlers.ofString());
                System.out.println(answer.statusCode() + "\t" + answer.body().replace("\n", " "));
            } catch (java.io.IOException error) {
                System.out.println("none\t" + error);
            }
        }
    }
}
