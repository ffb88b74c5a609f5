namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>How a program ended and what it said.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The output of a program that had to succeed.</summary>
    public string OrFail()
    {
        Assert.True(Succeeded, ToString());
        return Output;
    }

    public override string ToString() => $"$ {Command}\n(exit {ExitCode})\n{Output}{Error}";
}
