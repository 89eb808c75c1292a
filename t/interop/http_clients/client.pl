# A client of HTTP with Perl's LWP.
#
# usage: client.pl URL USER PASSWORD COUNT
use strict;
use warnings;
use LWP::UserAgent;

package Client;
our @ISA = ('LWP::UserAgent');
my @credentials;
sub get_basic_credentials { return @credentials }

package main;
my ($url, $user, $password, $count) = @ARGV;
@credentials = ($user, $password);
my $client = Client->new(timeout => 60, keep_alive => 1);
for (1 .. $count) {
    my $reply = $client->get($url);
    die 'refused: ' . $reply->status_line . "\n" unless $reply->is_success;
    print $reply->content;
}
