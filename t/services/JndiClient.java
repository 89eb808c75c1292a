/*
 * An LDAP client that uses JNDI like other programs, with all settings except
 * the password in jndi.properties.
 *
 * usage: java JndiClient NAME=VALUE... [next NAME=VALUE...]...
 *
 * A NAME is a property of JNDI that differs from the file, or
 *
 *   base   the subtree to search
 *   write  the number of characters to write to the user's description
 *   user   that user's entry
 *
 * After each "next" follow the settings that change for another connection;
 * this saves starting the JDK again.  Prints the result of each connection in a
 * line.  Exits with 1 if the server or the JDK refused one of them.
 */
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import javax.naming.AuthenticationException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.BasicAttributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;

public final class JndiClient {
    private static final String DESCRIPTION = "description";

    private final Map<String, String> settings;

    private JndiClient(Map<String, String> settings) {
        this.settings = settings;
    }

    private DirContext connect() throws NamingException {
        Hashtable<String, String> properties = new Hashtable<>();

        settings.forEach((name, value) -> {
            if (name.contains("."))
                properties.put(name, value);
        });
        return new InitialDirContext(properties);
    }

    private static int size(Attribute attribute) throws NamingException {
        return attribute == null ? 0 : attribute.get().toString().length();
    }

    /* The entries, and the characters of their descriptions. */
    private String search(DirContext context) throws NamingException {
        SearchControls controls = new SearchControls();
        int entries = 0, characters = 0;

        controls.setSearchScope(SearchControls.SUBTREE_SCOPE);
        NamingEnumeration<SearchResult> results =
            context.search(settings.get("base"), "(objectClass=*)", controls);
        while (results.hasMore()) {
            Attribute found = results.next().getAttributes().get(DESCRIPTION);

            entries++;
            characters += size(found);
        }
        return " entries=" + entries + " characters=" + characters;
    }

    /* No two messages of the layer are alike. */
    private static String text(int size) {
        StringBuilder text = new StringBuilder(size + 8);

        for (int i = 0; text.length() < size; i++)
            text.append(i).append(' ');
        return text.substring(0, size - 1) + ".";
    }

    private String write(DirContext context) throws NamingException {
        String name = settings.get("user");
        String text = text(Integer.parseInt(settings.get("write")));

        context.modifyAttributes(name, DirContext.REPLACE_ATTRIBUTE,
                                 new BasicAttributes(DESCRIPTION, text));
        Attribute found = context.getAttributes(name).get(DESCRIPTION);
        return found.get().equals(text) ? " written=" + text.length()
                                        : " something else is read";
    }

    private boolean run() throws NamingException {
        String done = "done";
        DirContext context = null;

        try {
            context = connect();
            if (settings.containsKey("write"))
                done += write(context);
            if (settings.containsKey("base"))
                done += search(context);
            System.out.println(done);
            return true;
        } catch (AuthenticationException error) {
            System.out.println("refused " + error.getMessage());
        } catch (NamingException error) {
            System.out.println("failed " + error);
        } finally {
            if (context != null)
                context.close();
        }
        return false;
    }

    public static void main(String[] arguments) throws NamingException {
        Map<String, String> settings = new HashMap<>();
        boolean good = true;

        for (String argument : arguments) {
            if (argument.equals("next")) {
                good &= new JndiClient(settings).run();
                continue;
            }
            String[] setting = argument.split("=", 2);
            settings.put(setting[0], setting[1]);
        }
        good &= new JndiClient(settings).run();
        System.exit(good ? 0 : 1);
    }
}
