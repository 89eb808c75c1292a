# A DIGEST-MD5 client of Authen::SASL that exchanges the lines of sasl_peer:
# perl_client.pl USER PASSWORD AUTHZID HOST RESULT-FILE [SIZE...]
#
# Sends a message of each size through the layer, and expects it back.
use strict;
use warnings;
use Authen::SASL qw(Perl);
use MIME::Base64;

my ($user, $password, $authzid, $host, $result, @sizes) = @ARGV;
$| = 1;
open(my $log, '>', $result) or die "$result: $!";

my $sasl = Authen::SASL->new(
    mechanism => 'DIGEST-MD5',
    callback  => { user => $user, pass => $password,
                   length $authzid ? (authname => $authzid) : () });
my $client = $sasl->client_new('test', $host, 'noplaintext noanonymous');
$client->client_start;
print "AUTH DIGEST-MD5\n";

# The layer: Authen::SASL does not add the length prefix.
sub seal {
    my $packet = $client->encode($_[0]);
    return pack('N/a*', $packet);
}

sub unseal {
    my $message = '';
    for my $packet (unpack('(N/a*)*', $_[0])) {
        $message .= $client->decode($packet, length $packet) // '';
    }
    return $message;
}

sub exchange {
    my ($size) = @_;
    my $message = substr(join('', map { chr($_ % 251) } 0 .. $size), 0, $size);
    my $echo = '';

    print 'D ', encode_base64(seal($message), ''), "\n";
    while (length($echo) < $size && defined(my $line = <STDIN>)) {
        last if $line !~ /^D (.*)/;
        $echo .= unseal(decode_base64($1));
    }
    return if $echo eq $message;
    print $log "failed echo differs\n";
    exit 1;
}

while (my $line = <STDIN>) {
    my ($word, $data) = split ' ', $line;
    if ($word eq '+') {
        $data = '' if !defined $data || $data eq '=';
        my $answer = $client->client_step(decode_base64($data));
        if (defined(my $error = $client->error)) {
            print $log "error $error\n";
            print "*\n";
            exit 1;
        }
        print '+ ', length($answer // '') ? encode_base64($answer, '') : '=',
            "\n";
    } elsif ($word eq 'OK') {
        exchange($_) for @sizes;
        print $log "ok ssf=", $client->property('ssf') // 0, "\n";
        print "QUIT\n";
        exit 0;
    } else {
        print $log "refused\n";
        exit 1;
    }
}
exit 1;
