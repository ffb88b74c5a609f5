namespace MiniPlane.Hosting;

/// <summary>Finds the agent's program: the one asked for, else <c>miniplane-agent</c> beside this program.</summary>
internal static class AgentProgram
{
    public static IReadOnlyList<string> Find(string? asked, string directory)
    {
        if (asked is not null)
        {
            return asked.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        string native = Path.Combine(directory, "miniplane-agent");
        string managed = native + ".dll";
        return !File.Exists(native) && File.Exists(managed) ? ["dotnet", managed] : [native];
    }
}
