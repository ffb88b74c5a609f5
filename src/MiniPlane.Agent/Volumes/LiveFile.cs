namespace MiniPlane.Agent.Volumes;

/// <summary>
/// A file that containers have bound and that changes while they run. It is written in place: a bind stays with the file it was
/// made of, so replacing the file by rename would not be seen.
/// </summary>
internal sealed class LiveFile(string path)
{
    public string Path => path;

    public void Write(string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(bytes);
        file.SetLength(bytes.Length);
    }
}
