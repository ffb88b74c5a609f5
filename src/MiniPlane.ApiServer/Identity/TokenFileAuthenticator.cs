using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Identity;

/// <summary>
/// Static bearer tokens from a file in kube-apiserver's format: one <c>token,user,uid,"group1,group2"</c> per line. Read once at
/// start, as upstream does; only hashes are kept.
/// </summary>
internal sealed class TokenFileAuthenticator(ApiServerOptions options) : IRequestAuthenticator
{
    private readonly Dictionary<string, UserInfo> _byHash = options.TokenFile is { } file ? Read(file) : [];

    public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(BearerToken.Of(context.Request)));

    public UserInfo? Find(string? token) => token is null ? null : _byHash.GetValueOrDefault(Hash(token));

    private static Dictionary<string, UserInfo> Read(string file)
    {
        var users = new Dictionary<string, UserInfo>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(file))
        {
            if (line.Trim() is not { Length: > 0 } text || text[0] == '#')
            {
                continue;
            }

            List<string> columns = Columns(text);
            if (columns.Count < 3 || columns[0].Length == 0)
            {
                throw new InvalidDataException($"{file}: a line needs token, user name and uid");
            }

            string[] groups = columns.Count > 3
                ? columns[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                : [];
            users[Hash(columns[0])] = new UserInfo { Name = columns[1], Uid = columns[2], Groups = groups };
        }

        return users;
    }

    // CSV with double quotes, doubled inside quotes.
    private static List<string> Columns(string line)
    {
        var columns = new List<string>();
        var column = new StringBuilder();
        bool isQuoted = false;
        for (int at = 0; at < line.Length; at++)
        {
            char letter = line[at];
            if (isQuoted && letter == '"' && at + 1 < line.Length && line[at + 1] == '"')
            {
                column.Append('"');
                at++;
            }
            else if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (letter == ',' && !isQuoted)
            {
                columns.Add(column.ToString().Trim());
                column.Clear();
            }
            else
            {
                column.Append(letter);
            }
        }

        columns.Add(column.ToString().Trim());
        return columns;
    }

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
