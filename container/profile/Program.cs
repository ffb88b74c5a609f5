using MiniPlane.StartupProfile;

// The tool's two commands; container/profile.sh and container/publish.sh call them.
switch (args)
{
    case ["collect", string list, .. string[] outputs]:
        await File.WriteAllLinesAsync(list, MethodName.Collect(outputs.SelectMany(File.ReadLines)));
        return 0;

    case ["make", string list, string assemblies, string profile]:
        using (var library = new AssemblyLibrary(assemblies))
        {
            var writer = new ProfileWriter(library);
            int known = File.ReadLines(list).SelectMany(MethodName.Parse).Count(writer.Add);
            writer.Save(profile);
            await Console.Out.WriteLineAsync($"{known} names of {list} are in {profile}");
            return known == 0 ? 1 : 0;
        }

    default:
        await Console.Error.WriteLineAsync(
            """
            usage: startup-profile collect LIST JIT-OUTPUT...    what DOTNET_JitStdOutFile wrote, as a list
                   startup-profile make LIST DIRECTORY PROFILE   a profile for crossgen2 --mibc, for the assemblies in DIRECTORY
            """);
        return 2;
}
