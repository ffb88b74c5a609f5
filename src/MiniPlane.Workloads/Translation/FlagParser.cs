using MiniPlane.Objects.Errors;

namespace MiniPlane.Workloads.Translation;

/// <summary>Reads a line of sbatch flags as a user would type it: <c>-p gpu --time=5 --comment "a b"</c>.</summary>
internal static class FlagParser
{
    public static IReadOnlyList<SbatchFlag> Parse(string line, string field, FieldErrors errors)
    {
        if (ShellWords.Split(line, out string problem) is not { } words)
        {
            errors.Invalid(field, line, problem);
            return [];
        }

        var flags = new List<SbatchFlag>();
        var rest = new Queue<string>(words);
        while (rest.TryDequeue(out string? word))
        {
            if (word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
            {
                AddLong(flags, word[2..], rest, field, errors);
            }
            else if (word.StartsWith('-') && word.Length > 1 && word != "--")
            {
                AddLetter(flags, word, rest, field, errors);
            }
            else
            {
                errors.Invalid(field, word, "is not a flag of sbatch (flags begin with - or --)");
            }
        }

        return flags;
    }

    private static void AddLong(List<SbatchFlag> flags, string word, Queue<string> rest, string field, FieldErrors errors)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word : word[..equals];
        string? value = equals < 0 ? null : word[(equals + 1)..];
        if (SbatchOptions.Find(name) is not { } option)
        {
            // A site's own option: a word after it that is no flag must be its value.
            bool takesNext = value is null && rest.TryPeek(out string? next) && !next.StartsWith('-');
            flags.Add(new SbatchFlag(name, takesNext ? rest.Dequeue() : value));
            return;
        }

        if (option.Value == SbatchValue.None && value is not null)
        {
            errors.Invalid(field, $"--{word}", $"--{option.Name} takes no value");
            return;
        }

        Add(flags, option, value, rest, field, errors);
    }

    private static void AddLetter(List<SbatchFlag> flags, string word, Queue<string> rest, string field, FieldErrors errors)
    {
        for (int i = 1; i < word.Length; i++)
        {
            if (SbatchOptions.FindLetter(word[i]) is not { } option)
            {
                errors.Invalid(field, word, $"sbatch has no flag -{word[i]}");
                return;
            }

            if (option.Value == SbatchValue.None)
            {
                Add(flags, option, null, rest, field, errors);
                continue;
            }

            string attached = word[(i + 1)..].TrimStart('=');
            Add(flags, option, attached.Length > 0 ? attached : null, rest, field, errors);
            return;
        }
    }

    private static void Add(
        List<SbatchFlag> flags, SbatchOption option, string? value, Queue<string> rest, string field, FieldErrors errors)
    {
        if (option.Value == SbatchValue.Required && value is null && !rest.TryDequeue(out value))
        {
            errors.Invalid(field, $"--{option.Name}", "needs a value");
            return;
        }

        if (option.Refusal.Length > 0)
        {
            errors.Forbidden(field, $"--{option.Name}: {option.Refusal}");
            return;
        }

        flags.Add(new SbatchFlag(option.Name, value));
    }
}
