#!/usr/bin/perl
# lower-glibc.pl FILE...: lets a program built against glibc 2.38 run on Debian 12's glibc 2.36.
#
# Since 2.38 a C compiler turns strtol() into __isoc23_strtol(), which an older glibc lacks although its strtol() does the
# same for the callers here. In the ELF file that is a symbol's name plus a note that version GLIBC_2.38 is needed. Both are
# changed in place, so no offset moves. A file that needs any other new symbol is left alone and the exit code is 2.
use strict;
use warnings;

my $NEWEST = 36;           # minor version of Debian 12's glibc
my $PLAIN  = 'GLIBC_2.2.5';  # what every x86-64 symbol since the beginning asks for

sub elf_hash {
    my $hash = 0;
    for my $byte (unpack 'C*', shift) {
        $hash = ($hash << 4) + $byte;
        my $high = $hash & 0xf0000000;
        $hash = ($hash ^ ($high >> 24)) & ~$high & 0xffffffff;
    }
    return $hash;
}

sub too_new { my $version = shift // ''; return $version =~ /^GLIBC_2\.(\d+)/ && $1 > $NEWEST }

sub lower {
    my ($path) = @_;
    open my $in, '<:raw', $path or die "$path: $!\n";
    my $elf = do { local $/; <$in> };
    close $in;
    die "$path: not a 64-bit ELF file\n" if substr($elf, 0, 6) ne "\x7fELF\x02\x01";

    my $table = unpack 'Q<', substr $elf, 40, 8;
    my ($size, $count) = unpack 'v2', substr $elf, 58, 4;
    my %section;
    for my $i (0 .. $count - 1) {
        my ($type, $offset, $length) = (unpack 'V2 Q<4', substr $elf, $table + $i * $size, 40)[1, 4, 5];
        $section{$type} //= { offset => $offset, length => $length, link => unpack('V', substr $elf, $table + $i * $size + 40, 4) };
    }
    my ($symbols, $needs, $versions) = @section{11, 0x6ffffffe, 0x6fffffff};
    return 1 unless $needs && $versions && $symbols;
    my $strings = unpack 'Q<', substr $elf, $table + $symbols->{link} * $size + 24, 8;
    my $text = sub { my $from = $strings + shift; return substr $elf, $from, index($elf, "\0", $from) - $from };

    # The versions this file needs: where each is written, and the number symbols refer to it by.
    my (%name_of, @entries, $plain_name);
    for (my $file = $needs->{offset}; ;) {
        my (undef, $wanted, undef, $first, $next) = unpack 'v2 V3', substr $elf, $file, 16;
        for (my $at = $file + $first; $wanted-- > 0;) {
            my (undef, undef, $number, $name, $step) = unpack 'V v2 V2', substr $elf, $at, 16;
            $name_of{$number} = $text->($name);
            $plain_name //= $name if $name_of{$number} eq $PLAIN;
            push @entries, $at if too_new($name_of{$number});
            $at += $step;
        }
        last unless $next;
        $file += $next;
    }
    return 1 unless @entries;

    my %rename;
    for my $i (0 .. $symbols->{length} / 24 - 1) {
        my $number = 0x7fff & unpack 'v', substr $elf, $versions->{offset} + 2 * $i, 2;
        next unless too_new($name_of{$number});
        my $name = unpack 'V', substr $elf, $symbols->{offset} + 24 * $i, 4;
        my $symbol = $text->($name);
        unless ($symbol =~ /^__isoc23_(\w+)$/) { warn "$path: needs $symbol\@$name_of{$number}\n"; return 0 }
        $rename{$name} = [$1, length $symbol];
    }
    unless (defined $plain_name) { warn "$path: has no $PLAIN to fall back to\n"; return 0 }

    while (my ($name, $to) = each %rename) { substr($elf, $strings + $name, $to->[1]) = pack "a$to->[1]", $to->[0] }
    for my $at (@entries) {
        substr($elf, $at, 4) = pack 'V', elf_hash($PLAIN);
        substr($elf, $at + 8, 4) = pack 'V', $plain_name;
    }
    open my $out, '+<:raw', $path or die "$path: $!\n";
    print {$out} $elf;
    close $out or die "$path: $!\n";
    return 1;
}

my $failed = grep { !lower($_) } @ARGV;
exit($failed ? 2 : 0);
