package api_test
import ("testing";"os";"strings")
func TestZZ(t *testing.T){ c:=sqliteCity(t); p:=read(t,c.get("GET","/api/docs")); css:=read(t,c.get("GET","/api/docs.css")); p=strings.Replace(p,`<link rel="stylesheet" href="/api/docs.css">`,"<style>"+css+"</style>",1); os.WriteFile("/tmp/docs.html",[]byte(p),0o644) }
